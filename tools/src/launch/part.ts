import type { ChildProcess } from 'node:child_process';
import { EventEmitter } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import { forgetPid, notePid } from './pid-file.js';
import { messageOf } from './error.js';

/** What becomes known about a part while it runs. */
export type PartEvent =
  | { kind: 'started'; pid: number }
  | { kind: 'ready'; afterMs: number }
  | { kind: 'crashed'; how: string; reason: string | undefined }
  | { kind: 'restarting'; inMs: number }
  | { kind: 'stopped' };

/** A process of the system, and how it is started, known to be ready, and stopped. */
export interface PartOptions {
  readonly name: string;
  /** Starts the process; called again at each restart. */
  spawn(): Promise<ChildProcess>;
  /** Whether it serves now; asked every 50 ms after its start. Must not throw. */
  ready(): Promise<boolean>;
  /** How long it may take to become ready, in milliseconds; 30,000 by default. */
  readonly readyWithinMs?: number;
  /** How often a start is tried when the process ends before it is ready; 3 by default. */
  readonly tries?: number;
  /** The signal that asks it to end; SIGTERM by default. */
  readonly stopSignal?: NodeJS.Signals;
  /** After this time without an end it is killed, in milliseconds; 8,000 by default. */
  readonly stopWithinMs?: number;
  /** What its log says about its end, in one or a few lines. */
  reason?(): string | undefined;
  /** Where its pid is noted; nowhere by default. */
  readonly runFolder?: string;
}

const backoff = { firstMs: 100, mostMs: 10_000, healthyMs: 30_000 };
class EndedEarly extends Error {}

/**
 * One process that is kept running: it is started, awaited until it is ready, started again with a growing pause
 * when it ends unasked (100 ms to 10 s; from the beginning again once it lived 30 s), and stopped on request.
 */
export class Part extends EventEmitter<{ event: [PartEvent] }> {
  private child: ChildProcess | undefined;
  private wanted = false;
  private failures = 0;
  private readonly pause = new EventEmitter();

  constructor(private readonly options: PartOptions) {
    super();
  }

  get name(): string {
    return this.options.name;
  }

  /** The pid of the living process. */
  get pid(): number | undefined {
    return this.child?.pid;
  }

  /** Starts it and resolves when it is ready. Rejects, with the process ended, when it keeps failing. */
  async start(): Promise<void> {
    this.wanted = true;
    for (let attempt = 1; ; attempt += 1) {
      try {
        await this.launch();
        return;
      } catch (error) {
        if (!this.isWanted()) throw new Error(`${this.name} was stopped while it started`, { cause: error });
        if (attempt >= (this.options.tries ?? 3) || !(error instanceof EndedEarly)) {
          await this.stop();
          throw error;
        }
        await this.rest(Math.min(backoff.firstMs * 2 ** attempt, 2_000));
      }
    }
  }

  /** Stops it for good: asks first, kills when it does not end in time. */
  async stop(): Promise<void> {
    this.wanted = false;
    this.pause.emit('over');
    await this.end(this.options.stopSignal ?? 'SIGTERM');
    this.tell({ kind: 'stopped' });
  }

  /** Kills it at once, without a question. It is not started again. */
  kill(): void {
    this.wanted = false;
    this.pause.emit('over');
    this.child?.kill('SIGKILL');
  }

  /** Stops it and starts it again; resolves when it is ready. */
  async restart(): Promise<void> {
    this.wanted = false;
    this.pause.emit('over');
    await this.end(this.options.stopSignal ?? 'SIGTERM');
    await this.start();
  }

  /** Sends a signal to the process; what follows from its end is as with any crash. */
  signal(name: NodeJS.Signals): void {
    this.child?.kill(name);
  }

  /** Lets this process end while the part still runs: for tests, which end it by other means. */
  unref(): void {
    this.child?.unref();
  }

  /** Asked after a wait, in which a stop may have come; the compiler takes the field as unchanged there. */
  private isWanted(): boolean {
    return this.wanted;
  }

  private tell(event: PartEvent): void {
    this.emit('event', event);
  }

  private async rest(ms: number): Promise<void> {
    const over = new AbortController();
    const wake = (): void => over.abort();
    this.pause.once('over', wake);
    await delay(ms, undefined, { signal: over.signal }).catch(() => undefined);
    this.pause.off('over', wake);
  }

  private async end(signal: NodeJS.Signals): Promise<void> {
    const child = this.child;
    if (child === undefined) return;
    const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
    child.kill(signal);
    const killer = setTimeout(() => child.kill('SIGKILL'), this.options.stopWithinMs ?? 8_000);
    await ended;
    clearTimeout(killer);
  }

  private async launch(): Promise<void> {
    const { name, runFolder } = this.options;
    const since = performance.now();
    const child = await this.options.spawn();
    let ended: string | undefined;
    let wasReady = false;
    const onEnd = (how: string): void => {
      if (ended !== undefined) return;
      ended = how;
      this.child = undefined;
      if (runFolder !== undefined) forgetPid(runFolder, name);
      if (wasReady && this.wanted) this.recover(how, performance.now() - since);
    };
    child.once('error', (error) => onEnd(error.message));
    child.once('exit', (code, signal) =>
      onEnd(signal === null ? `exit code ${code ?? '?'}` : `signal ${signal}`),
    );
    this.child = child;
    if (child.pid !== undefined) {
      if (runFolder !== undefined) notePid(runFolder, name, child.pid);
      this.tell({ kind: 'started', pid: child.pid });
    }
    if (!this.wanted) await this.end('SIGKILL');

    const limit = since + (this.options.readyWithinMs ?? 30_000);
    // `ended` is set by the listeners above while this loop waits.
    const endedHow = (): string | undefined => ended;
    while (endedHow() === undefined && !(await this.options.ready())) {
      if (performance.now() > limit) {
        throw new Error(
          this.explain(`${name} did not become ready in ${Math.round((limit - since) / 1000)} s`),
        );
      }
      await delay(50);
    }
    const how = endedHow();
    if (how !== undefined) throw new EndedEarly(this.explain(`${name} ended while it started (${how})`));
    wasReady = true;
    this.tell({ kind: 'ready', afterMs: Math.round(performance.now() - since) });
  }

  private explain(what: string): string {
    const reason = this.options.reason?.();
    return reason === undefined ? what : `${what}: ${reason}`;
  }

  private recover(how: string, livedMs: number): void {
    this.tell({ kind: 'crashed', how, reason: this.options.reason?.() });
    if (livedMs > backoff.healthyMs) this.failures = 0;
    void this.bringBack();
  }

  private async bringBack(): Promise<void> {
    while (this.wanted) {
      const inMs = Math.min(backoff.firstMs * 2 ** this.failures, backoff.mostMs);
      this.failures += 1;
      this.tell({ kind: 'restarting', inMs });
      await this.rest(inMs);
      if (!this.isWanted()) return;
      try {
        await this.launch();
        return;
      } catch (error) {
        if (this.isWanted()) {
          await this.end('SIGKILL');
          this.tell({
            kind: 'crashed',
            how: messageOf(error),
            reason: undefined,
          });
        }
      }
    }
  }
}
