import { Controller, Get, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Failure, invalid, invalidField, throttled, type FieldError } from '@erato/contracts/kit/failure';
import type { Scope } from '@erato/contracts/kit/context';
import { ownContext } from '@erato/platform/transport/caller';
import { Admission } from '../credential/admission.js';
import type { Credential } from '../credential/credentials.js';
import { headerInvalid } from '../problem/failures.js';
import { Problems } from '../problem/problems.js';
import { Rates } from '../rate/rates.js';
import { holdToScope } from '../route/hold.js';
import { inRootSpan } from '../route/root-span.js';
import { Streams } from './streams.js';
import type { Topic } from './stream.js';
import { Tickets } from './tickets.js';

/** The most topics of one stream. */
const most = 20;
const parameters = ['topics', 'ticket', 'lastEventId'];
const scopes: Readonly<Record<string, Scope>> = { workspace: 'workspaces:read', resource: 'resources:read' };

/** `GET /v1/stream`: server-sent events (http.md, Around the API). */
@Controller()
export class StreamController {
  constructor(
    private readonly streams: Streams,
    private readonly tickets: Tickets,
    private readonly admission: Admission,
    private readonly rates: Rates,
    private readonly problems: Problems,
  ) {}

  @Get('/v1/stream')
  async open(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    try {
      const query = readQuery(request.query as Record<string, unknown>);
      const who = await this.#who(request, reply, query.ticket);
      const opened = await inRootSpan('/v1/stream', { request, reply, who }, () =>
        this.#begin(request, reply, { who, query }),
      );
      if (!opened) return;
      const { topics, place, release } = opened;
      await this.streams.run(reply.raw, { who, topics }, place).finally(release);
    } catch (error) {
      this.problems.send(reply, request, error);
    }
  }

  /** Decides on a stream and begins its answer; null where only its head was asked for. */
  async #begin(
    request: FastifyRequest,
    reply: FastifyReply,
    { who, query }: { who: Credential; query: StreamQuery },
  ): Promise<Opened | null> {
    const topics = topicsOf(query.topics);
    for (const { object } of topics) holdToScope({ scope: scopes[object.type] ?? null, guest: true }, who);
    const { subjectType, subjectId } = who.caller;
    const counted = who.counted === '' ? this.rates.addressOf(request) : `${subjectType}:${subjectId}`;
    const release = this.streams.reserve(counted);
    try {
      await this.streams.decide(who, topics);
      if (request.method !== 'HEAD') {
        const place = await this.streams.begin(lastEventId(request, query.lastEventId));
        beginStream(reply);
        return { topics, place, release };
      }
    } catch (error) {
      release();
      throw error;
    }
    release();
    void reply.headers(streamHeaders).send();
    return null;
  }

  /** A ticket stands for the credential that asked for it; both at once would leave open whose stream it is. */
  async #who(request: FastifyRequest, reply: FastifyReply, ticket: string | undefined): Promise<Credential> {
    if (ticket === undefined)
      return this.admission.admit(request, reply, ownContext({ requestId: request.id }));
    if (request.headers.authorization !== undefined) {
      throw invalidField('ticket', 'not_allowed', 'does not go with Authorization');
    }
    this.rates.holdRefused(request);
    try {
      const who = await this.streams.redeem(await this.tickets.take(ticket), request.id);
      const rate = this.rates.take(who, request);
      reply.headers(rate.headers);
      if (!rate.allowed) throw throttled({ retryAfter: rate.retryAfter });
      return who;
    } catch (error) {
      if (error instanceof Failure && error.kind === 'unauthenticated') this.rates.countRefused(request);
      throw error;
    }
  }
}

const streamHeaders = {
  'Content-Type': 'text/event-stream; charset=utf-8',
  'Cache-Control': 'no-store',
  // After its end there is nothing to keep the connection for; a gateway that stops would wait for it.
  Connection: 'close',
  // Proxies that buffer would keep events back.
  'X-Accel-Buffering': 'no',
};

/** From here on the answer is written by hand, with the headers that every answer has. */
function beginStream(reply: FastifyReply): void {
  reply.headers(streamHeaders).hijack();
  for (const [name, value] of Object.entries(reply.getHeaders()))
    if (value !== undefined) reply.raw.setHeader(name, value);
  reply.raw.writeHead(200);
  reply.raw.write('retry: 2000\n\n');
}

/** A stream whose answer has begun. */
interface Opened {
  readonly topics: readonly Topic[];
  readonly place: Awaited<ReturnType<Streams['begin']>>;
  /** Gives its place among the subject's streams back. */
  readonly release: () => void;
}

interface StreamQuery {
  readonly topics?: string;
  readonly ticket?: string;
  readonly lastEventId?: string;
}

function readQuery(given: Record<string, unknown>): StreamQuery {
  const errors: FieldError[] = Object.entries(given).flatMap(([name, value]) => {
    if (parameters.includes(name) && typeof value === 'string') return [];
    return [
      { path: name.slice(0, 100), code: 'unknown_parameter', message: 'is not known here, or given twice' },
    ];
  });
  if (errors.length > 0) throw invalid({ errors });
  return given;
}

/** `workspace:<id>,resource:<id>`, each once. */
function topicsOf(given = ''): Topic[] {
  const names = [...new Set(given.split(',').filter(Boolean))];
  if (names.length === 0) throw invalidField('topics', 'required', 'names what to listen to');
  if (names.length > most) throw invalidField('topics', 'too_many', `takes at most ${String(most)} topics`);
  return names.map((name) => {
    const [, type = '', id = ''] =
      /^(workspace|resource):([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})$/.exec(name) ?? [];
    if (id === '') throw invalidField('topics', 'unknown_topic', `has no topic "${name.slice(0, 100)}"`);
    return { name, object: { type, id } };
  });
}

/** The header that an EventSource sends when it connects again, or the parameter for one that opens anew. */
function lastEventId(request: FastifyRequest, parameter: string | undefined): number | null {
  const given = request.headers['last-event-id'] ?? parameter;
  if (given === undefined || given === '') return null;
  if (typeof given !== 'string' || !/^\d{1,15}$/.test(given)) {
    throw headerInvalid({ detail: 'Last-Event-ID must be the id of an event of a stream.' });
  }
  return Number(given);
}
