import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import { LRUCache } from 'lru-cache';
import type { ObjectRef } from '@erato/contracts/authz/object-description';
import type { Credential } from '../credential/credentials.js';
import type { EventFeed } from './event-feed.js';
import type { LoggedEvent } from './event-log.js';
import type { Reading } from './reading.js';

/** Why a stream ends, as its last event says. */
export type EndReason = 'credential_ended' | 'access_ended' | 'gone' | 'unavailable' | 'shutdown';

/** How long a reader may take nothing before he is cut off. */
const patienceMs = 10_000;

/** A topic, and the object that one must be able to read for it. */
export interface Topic {
  readonly name: string;
  readonly object: ObjectRef;
}

/**
 * One stream of server-sent events. It goes through the log from its place on, one event at a time: what is none of its topics is
 * passed over, what is one is decided anew and told. The next is not looked at before the reader has room, so nothing piles up here.
 */
export class Stream {
  readonly #end = new AbortController();
  /** Objects of which this reader has been told, so that he may hear of their end, when nothing can be decided any more. */
  readonly #shown = new LRUCache<string, true>({ max: 1_000 });
  #isEnded = false;
  /** Whether he had not taken everything at the last beat, and has not since. */
  #isBehind = false;

  constructor(
    readonly who: Credential,
    readonly topics: readonly Topic[],
    private readonly out: ServerResponse,
    private readonly parts: { feed: EventFeed; reading: Reading },
  ) {
    out.once('close', () => this.#close());
    out.on('error', () => this.#close());
  }

  get signal(): AbortSignal {
    return this.#end.signal;
  }

  /** Tells what comes after the place until the stream ends. */
  async run(from: number): Promise<void> {
    const { feed } = this.parts;
    const names = new Set(this.topics.map(({ name }) => name));
    let place = from;
    try {
      for (;;) {
        const next = await feed.after(place, this.signal);
        if (!next) return;
        place = next.seq;
        if ('data' in next && next.topics.some((topic) => names.has(topic))) await this.#meet(next);
        if (this.signal.aborted) return;
      }
    } catch {
      // Nothing is told that could not be decided; with Last-Event-ID the reader goes on where he was.
      this.end('unavailable');
    }
  }

  /** Whether every topic may still be read; ends the stream where not. */
  async recheck(): Promise<void> {
    try {
      const allowed = await Promise.all(
        this.topics.map(({ object }) => this.parts.reading.mayRead(this.who, object)),
      );
      if (allowed.includes(false)) this.end('access_ended');
    } catch {
      this.end('unavailable');
    }
  }

  /** Writes one event of the stream itself: `open`, `gap`, `end`. */
  tell(event: string, data: object, seq?: number): void {
    const id = seq === undefined ? '' : `id: ${String(seq)}\n`;
    if (!this.#isEnded) this.out.write(`${id}event: ${event}\ndata: ${JSON.stringify(data)}\n\n`);
  }

  /** Keeps proxies and readers from taking silence for an end; a reader who took nothing since the last one is cut off. */
  beat(): void {
    if (this.#isEnded) return;
    if (!this.out.writableNeedDrain) this.out.write(': still here\n\n');
    else if (this.#isBehind) this.#cut();
    else {
      this.#isBehind = true;
      this.out.once('drain', () => (this.#isBehind = false));
    }
  }

  end(reason: EndReason): void {
    if (this.#isEnded) return;
    this.tell('end', { reason });
    this.#isEnded = true;
    this.#end.abort();
    this.out.end();
    // Whoever does not read his end is not waited for.
    setTimeout(() => this.out.destroy(), 1_000).unref();
  }

  async #meet(event: LoggedEvent): Promise<void> {
    const { object, ends } = event;
    const key = `${object.type}:${object.id}`;
    const isTopic = this.topics.some(({ name }) => name === key);
    if (ends) {
      if (isTopic || this.#shown.has(key)) await this.#write(event);
      if (isTopic) this.end('gone');
      return;
    }
    if (await this.parts.reading.mayRead(this.who, object)) {
      this.#shown.set(key, true);
      await this.#write(event);
    } else if (isTopic) this.end('access_ended');
  }

  async #write({ seq, data }: LoggedEvent): Promise<void> {
    if (this.#isEnded || this.out.write(`id: ${String(seq)}\ndata: ${data}\n\n`)) return;
    const left = new AbortController();
    const signal = AbortSignal.any([this.signal, left.signal]);
    const drained = once(this.out, 'drain', { signal }).then(
      () => true,
      () => true,
    );
    const late = delay(patienceMs, false, { signal }).catch(() => true);
    if (!(await Promise.race([drained, late]))) this.#cut();
    left.abort();
  }

  #cut(): void {
    this.out.destroy();
    this.#close();
  }

  #close(): void {
    this.#isEnded = true;
    this.#end.abort();
  }
}
