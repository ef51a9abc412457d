import { createHash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { jetstream, JetStreamApiError } from '@nats-io/jetstream';
import { Kvm, type KV, type KvEntry } from '@nats-io/kv';
import type { Repeatable } from '@erato/contracts/kit/context';
import { alreadyDone, idempotencyConflict, unavailable } from '@erato/contracts/kit/failure';
import { Bus } from '@erato/platform/transport/bus';
import { headerInvalid, idempotencyInProgress } from '../problem/failures.js';

/** An answer as it is kept and given again. */
export interface KeptAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

interface Mark {
  readonly state: 'running' | 'done' | 'secret';
  /** What was asked the first time, as a digest. */
  readonly asked: string;
  readonly at: number;
  readonly answer?: KeptAnswer;
}

/** What makes two requests the same one (http.md, Every route: Idempotency). */
export interface IdempotentRequest {
  readonly key: string;
  readonly caller: string;
  readonly method: string;
  readonly url: string;
  readonly actAs: string | undefined;
  readonly body: string;
}

/** The first request has this slot; whoever has it must keep or release it. */
export interface Slot extends Repeatable {
  readonly revision: number;
}

/**
 * A request that has not ended by then died with its gateway, or its answer came too late: no deadline is longer. Whether
 * it was carried out its service knows.
 */
const runningMs = 6_000;
/** Answers above this are not kept: POST answers are single objects, and a message on the bus has a bound. */
const maxAnswer = 256 * 1024;

/**
 * Idempotency keys in a JetStream key-value bucket with 24 h to live: compare-and-set decides which of two requests is the
 * first, over all gateways and over their restarts.
 */
@Injectable()
export class Idempotency {
  #bucket: Promise<KV> | undefined;

  constructor(private readonly bus: Bus) {}

  /** Takes the slot, or gives the kept answer; throws while the first one runs or where the key was used otherwise. */
  async begin(request: IdempotentRequest): Promise<{ slot: Slot } | { answer: KeptAnswer }> {
    if (!/^[\x20-\x7e]{1,255}$/.test(request.key)) {
      throw headerInvalid({ detail: 'Idempotency-Key takes 1 to 255 printable ASCII characters.' });
    }
    const name = digest([request.caller, request.method, request.url, request.actAs ?? '', request.key]);
    // With the key in it, which is stored nowhere: a short secret in a body cannot be guessed from the digest.
    const asked = digest([request.key, request.body]);
    const mark: Mark = { state: 'running', asked, at: Date.now() };
    return this.#guarded(async (bucket) => {
      const created = await createOnce(bucket, name, mark);
      if (created !== null) return { slot: { name, asked, again: false, revision: created } };
      const entry = await bucket.get(name);
      if (!entry || entry.operation !== 'PUT') throw idempotencyInProgress({ retryAfter: 1 });
      return this.#meet(bucket, entry, mark);
    });
  }

  /** Keeps the answer of a handler that ran; of one that holds a secret only that it ran. */
  async keep(slot: Slot, answer: KeptAnswer, secret: boolean): Promise<void> {
    const kept = !secret && Buffer.byteLength(answer.body) <= maxAnswer;
    const mark: Mark = {
      state: kept ? 'done' : 'secret',
      asked: slot.asked,
      at: Date.now(),
      ...(kept ? { answer } : {}),
    };
    await this.#guarded((bucket) => bucket.update(slot.name, JSON.stringify(mark), slot.revision));
  }

  /** Frees the slot after an answer that keeps nothing: the next request with this key is a first one. */
  async release(slot: Slot): Promise<void> {
    await this.#guarded((bucket) => bucket.delete(slot.name, { previousSeq: slot.revision }));
  }

  async #meet(bucket: KV, entry: KvEntry, mark: Mark): Promise<{ slot: Slot } | { answer: KeptAnswer }> {
    const first = entry.json<Mark>();
    if (first.asked !== mark.asked) throw idempotencyConflict();
    if (first.state === 'secret') throw alreadyDone();
    if (first.answer) return { answer: first.answer };
    if (mark.at - first.at < runningMs) throw idempotencyInProgress({ retryAfter: 1 });
    const revision = await updateOnce(bucket, entry, mark);
    if (revision === null) throw idempotencyInProgress({ retryAfter: 1 });
    return { slot: { name: entry.key, asked: mark.asked, again: true, revision } };
  }

  async #guarded<T>(work: (bucket: KV) => Promise<T>): Promise<T> {
    if (!this.bus.connected) throw unavailable({ detail: 'The store of idempotency keys is away.' });
    try {
      this.#bucket ??= new Kvm(jetstream(this.bus.connection, { timeout: 2_000 })).open('idempotency');
      return await work(await this.#bucket);
    } catch (cause) {
      if (cause instanceof Error && cause.name === 'Failure') throw cause;
      this.#bucket = undefined;
      throw unavailable({ detail: 'The store of idempotency keys is away.', cause });
    }
  }
}

const digest = (parts: readonly string[]): string =>
  createHash('sha256').update(JSON.stringify(parts)).digest('hex');

const wrongRevision = 10071;
const isRace = (error: unknown): boolean =>
  error instanceof JetStreamApiError && error.code === wrongRevision;

/** The revision of what was created, or null where somebody was first. */
async function createOnce(bucket: KV, name: string, mark: Mark): Promise<number | null> {
  try {
    return await bucket.create(name, JSON.stringify(mark));
  } catch (error) {
    if (isRace(error)) return null;
    throw error;
  }
}

async function updateOnce(bucket: KV, entry: KvEntry, mark: Mark): Promise<number | null> {
  try {
    return await bucket.update(entry.key, JSON.stringify(mark), entry.revision);
  } catch (error) {
    if (isRace(error)) return null;
    throw error;
  }
}
