import type { FetchedFacts, FetchFacts, PrincipalRef } from '@erato/contracts/authz/facts';
import type { CompiledObject, CompiledSubject } from '../compile.js';
import type { ObjectRef } from '../facts.js';
import type { RefMap } from '../ref-map.js';
import type { FactsSource } from './facts-source.js';
import type { Entry } from './kept.js';

/** The most of each kind that one message asks for (contracts, authz/facts.ts). */
export const batchBound = 200;

/** How long a message may take that nobody's deadline bounds more narrowly, in milliseconds. */
const patienceMs = 5_000;

/** What of an answer may be used: nothing that an event has overtaken. */
export interface Accepted {
  readonly subjects: RefMap<Entry<CompiledSubject>>;
  readonly objects: RefMap<Entry<CompiledObject>>;
}

/** Judges an answer and keeps what is new enough. */
export type Accept = (reply: FetchedFacts, askedAt: number) => Accepted;

/** The misses of one tick, which travel in one message. */
export class Batch {
  readonly subjects = new Map<string, PrincipalRef>();
  readonly objects = new Map<string, ObjectRef>();
  readonly answer: Promise<Accepted>;
  #settle: { resolve: (answer: Accepted) => void; reject: (reason: unknown) => void } | undefined;
  #deadline = 0;
  #requestId = '';

  constructor() {
    this.answer = new Promise((resolve, reject) => (this.#settle = { resolve, reject }));
    this.answer.catch(() => undefined);
  }

  get full(): boolean {
    return this.subjects.size >= batchBound || this.objects.size >= batchBound;
  }

  /** Whoever waits longest decides how long the message may take. */
  wait({ deadline, requestId }: { deadline: number; requestId: string }): void {
    this.#deadline = Math.max(this.#deadline, deadline);
    this.#requestId ||= requestId;
  }

  /** Sends the message and settles `answer`; never throws. */
  async send(source: FactsSource, accept: Accept, fresh = false): Promise<void> {
    const askedAt = Date.now();
    const request: FetchFacts = {
      subjects: [...this.subjects.values()].map(({ type, id }) => ({ type, id })),
      objects: [...this.objects.values()].map(({ type, id }) => ({ type, id })),
      ...(fresh && { fresh }),
    };
    const deadline = Math.min(this.#deadline, askedAt + patienceMs);
    try {
      const reply = await source.fetch(request, { requestId: this.#requestId, deadline });
      this.#settle?.resolve(accept(reply, askedAt));
    } catch (reason) {
      this.#settle?.reject(reason);
    }
  }

  /** Every key that it asks for, each kind told apart. */
  *keys(): Iterable<string> {
    for (const key of this.subjects.keys()) yield `subjects ${key}`;
    for (const key of this.objects.keys()) yield `objects ${key}`;
  }
}
