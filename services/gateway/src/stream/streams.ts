import { Injectable, type OnModuleDestroy, type OnModuleInit } from '@nestjs/common';
import { Gauge } from 'prom-client';
import {
  objectChanged,
  subjectChanged,
  type ObjectChanged,
  type SubjectChanged,
} from '@erato/contracts/authz/events';
import { notFound, unauthenticated } from '@erato/contracts/kit/failure';
import { ownContext } from '@erato/platform/transport/caller';
import { metrics } from '@erato/platform/telemetry/metrics';
import { Bus } from '@erato/platform/transport/bus';
import { Credentials, type Credential } from '../credential/credentials.js';
import { tooManyStreams } from '../problem/failures.js';
import { EventFeed } from './event-feed.js';
import { EventLog } from './event-log.js';
import { Reading } from './reading.js';
import { Stream, type Topic } from './stream.js';
import type { ServerResponse } from 'node:http';

/** The most streams of one subject at one gateway; of guests, of one address. */
const most = 5;
/** The most events between Last-Event-ID and the end that are told again. */
const replayed = 10_000;
const beatMs = 15_000;
/** Beats between two looks at credential and access where no event said that they changed. */
const beatsToRecheck = 2;

const open = new Gauge({
  name: 'erato_streams_open',
  help: 'Streams of server-sent events that are open at this gateway.',
  registers: [metrics],
});

/**
 * The open streams of this gateway. What changes who may read (an event of authz, of a key or session) is followed by a new
 * decision about those whom it can concern, every half minute about all.
 */
@Injectable()
export class Streams implements OnModuleInit, OnModuleDestroy {
  readonly #open = new Set<Stream>();
  readonly #taken = new Map<string, number>();
  #clock: NodeJS.Timeout | undefined;
  #beats = 0;

  constructor(
    private readonly bus: Bus,
    private readonly credentials: Credentials,
    private readonly log: EventLog,
    private readonly feed: EventFeed,
    private readonly reading: Reading,
  ) {}

  onModuleInit(): void {
    this.#clock = setInterval(() => this.#beat(), beatMs).unref();
    const { connection } = this.bus;
    connection.subscribe('event.authz.>', {
      callback: (error, message) => {
        if (!error) this.#accessChanged(message.subject, message.json<{ data: unknown }>().data);
      },
    });
    this.credentials.onForget((concerns) => {
      for (const stream of this.#open) if (concerns(stream.who)) void this.#recheck(stream);
    });
  }

  onModuleDestroy(): void {
    clearInterval(this.#clock);
    for (const stream of this.#open) stream.end('shutdown');
  }

  /** Takes one of the subject's places, and gives what returns it; throws `too_many_streams` where none is left. */
  reserve(counted: string): () => void {
    const own = this.#taken.get(counted) ?? 0;
    if (own >= most) throw tooManyStreams({ retryAfter: 5 });
    this.#taken.set(counted, own + 1);
    return () => {
      const left = (this.#taken.get(counted) ?? 1) - 1;
      if (left > 0) this.#taken.set(counted, left);
      else this.#taken.delete(counted);
    };
  }

  /** The caller of a ticket, if its key or session is still in force; throws `unauthenticated`. */
  async redeem(who: Credential, requestId: string): Promise<Credential> {
    if (await this.credentials.isStillGood(who, ownContext({ requestId }))) return who;
    throw unauthenticated({ detail: 'The credential of the ticket is not in force any more.' });
  }

  /** Throws `not_found` where one of the topics may not be read. */
  async decide(who: Credential, topics: readonly Topic[]): Promise<void> {
    const allowed = await Promise.all(topics.map(({ object }) => this.reading.mayRead(who, object)));
    if (allowed.includes(false))
      throw notFound({ detail: 'A topic is unknown, or not one that you may read.' });
  }

  /** Where a stream begins: after its last event where that can be told from, else at the end, with what was missed. */
  async begin(last: number | null): Promise<{ from: number; gap: { after: number; until: number } | null }> {
    const end = await this.feed.join();
    if (last === null || last >= end) return { from: end, gap: null };
    try {
      const { first } = await this.log.bounds();
      const isTold = last + 1 >= first && end - last <= replayed;
      return isTold ? { from: last, gap: null } : { from: end, gap: { after: last, until: end } };
    } catch (error) {
      this.feed.leave();
      throw error;
    }
  }

  /** Runs a stream that {@link begin} has placed, until it ends. */
  async run(
    out: ServerResponse,
    about: { who: Credential; topics: readonly Topic[] },
    { from, gap }: Awaited<ReturnType<Streams['begin']>>,
  ): Promise<void> {
    const stream = new Stream(about.who, about.topics, out, { feed: this.feed, reading: this.reading });
    this.#open.add(stream);
    open.set(this.#open.size);
    try {
      stream.tell('open', { topics: about.topics.map(({ name }) => name) }, from);
      if (gap) stream.tell('gap', gap, from);
      await stream.run(from);
    } finally {
      this.#open.delete(stream);
      open.set(this.#open.size);
      this.feed.leave();
    }
  }

  #beat(): void {
    const isTime = ++this.#beats % beatsToRecheck === 0;
    for (const stream of this.#open) {
      stream.beat();
      if (isTime) void this.#recheck(stream);
    }
  }

  async #recheck(stream: Stream): Promise<void> {
    try {
      if (!(await this.credentials.isStillGood(stream.who, ownContext()))) stream.end('credential_ended');
      else await stream.recheck();
    } catch {
      stream.end('unavailable');
    }
  }

  /** A subject's own streams, a resource's own listeners; whatever else changed may concern everybody. */
  #accessChanged(subject: string, data: unknown): void {
    for (const stream of this.#open) {
      if (subject === subjectChanged.subject) {
        if ((data as SubjectChanged).id !== stream.who.caller.subjectId) continue;
      } else if (subject === objectChanged.subject) {
        const { type, id } = data as ObjectChanged;
        if (type === 'resource' && !stream.topics.some(({ object }) => object.id === id)) continue;
      }
      void stream.recheck();
    }
  }
}
