import { Worker } from 'node:worker_threads';
import { Injectable, type OnModuleDestroy } from '@nestjs/common';
import { invalidField, unavailable, type Failure } from '@erato/contracts/kit/failure';
import { renderMarkdown, type Rendered } from './markdown.js';

/** How long a body may take to render, in milliseconds; what takes longer is made to, not written. */
const budgetMs = 1_500;
/** How many may wait for the worker. */
const longestQueue = 16;

/** Below these a body renders in a few milliseconds whatever it says, so it is not worth a thread. */
const plainLength = 20_000;
const plainMarks = 250;
const marks = /[*_~[\]!`<>|&\\]/g;
/** Containers within containers: the other thing that costs. */
const deepIndent = /^(?:[ \t]{40,}|(?:[ \t]*(?:>|[-+*]|\d{1,9}[.)])){8,})/m;

interface Job {
  readonly body: string;
  readonly resolve: (rendered: Rendered) => void;
  readonly reject: (failure: Failure) => void;
}

/**
 * Renders bodies within a bounded time. A plain body is rendered at once; one with many marks, for which the parser can
 * take time by the square of its length (45 KB took 90 s), goes to a thread that is ended when its time is over: the body is
 * then refused as `too_complex`, and requests of others are served meanwhile.
 */
@Injectable()
export class Renderer implements OnModuleDestroy {
  readonly #queue: Job[] = [];
  #worker: Worker | undefined;
  #busy = false;

  async render(path: string, body: string): Promise<Rendered> {
    if (isPlain(body)) return renderMarkdown(body);
    if (this.#queue.length >= longestQueue) throw unavailable({ retryAfter: 2 });
    return new Promise((resolve, reject) => {
      this.#queue.push({ body, resolve, reject: (failure) => reject(named(failure, path)) });
      void this.#work();
    });
  }

  async onModuleDestroy(): Promise<void> {
    await this.#worker?.terminate();
  }

  async #work(): Promise<void> {
    if (this.#busy) return;
    this.#busy = true;
    for (let job = this.#queue.shift(); job; job = this.#queue.shift()) {
      try {
        job.resolve(await this.#renderInThread(job.body));
      } catch {
        job.reject(tooComplex(''));
      }
    }
    this.#busy = false;
  }

  async #renderInThread(body: string): Promise<Rendered> {
    const worker = (this.#worker ??= await startWorker());
    worker.ref();
    let timer: NodeJS.Timeout | undefined;
    try {
      return await new Promise<Rendered>((resolve, reject) => {
        timer = setTimeout(() => reject(new Error('time is over')), budgetMs);
        worker.once('message', resolve);
        worker.once('error', reject);
        worker.postMessage(body);
      });
    } catch (error) {
      this.#worker = undefined;
      await worker.terminate();
      throw error;
    } finally {
      clearTimeout(timer);
      worker.removeAllListeners('message');
      worker.removeAllListeners('error');
      worker.unref();
    }
  }
}

export function isPlain(body: string): boolean {
  return (
    body.length <= plainLength && (body.match(marks)?.length ?? 0) <= plainMarks && !deepIndent.test(body)
  );
}

const tooComplex = (path: string): Failure =>
  invalidField(path, 'too_complex', 'takes too long to render: it nests or repeats marks too often');

const named = (failure: Failure, path: string): Failure =>
  failure.kind === 'invalid' ? tooComplex(path) : failure;

/** Starts the thread, from the sources where this runs from the sources; its budget begins once it is ready. */
async function startWorker(): Promise<Worker> {
  const fromSources = import.meta.url.endsWith('.ts');
  const file = new URL(`./render.worker.${fromSources ? 'ts' : 'js'}`, import.meta.url);
  const worker = new Worker(file, {
    ...(fromSources
      ? { execArgv: ['--conditions=development', '--import', '@swc-node/register/esm-register'] }
      : {}),
    resourceLimits: { maxOldGenerationSizeMb: 128 },
  });
  await new Promise((resolve, reject) => {
    worker.once('message', resolve);
    worker.once('error', reject);
  });
  worker.removeAllListeners('error');
  return worker;
}
