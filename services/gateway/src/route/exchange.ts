import { hash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { isTracing } from '@erato/platform/telemetry/tracing';
import { readFailure, type CallContext, type RawReply } from '@erato/platform/transport/caller';
import { Admission } from '../credential/admission.js';
import type { Credential } from '../credential/credentials.js';
import { Idempotency, type KeptAnswer, type Slot } from '../idempotency/idempotency.js';
import { LocalCalls } from '../local/local-calls.js';
import { Problems } from '../problem/problems.js';
import type { Admitted } from './admitted.js';
import { Ask } from './ask.js';
import { etagMatches } from './headers.js';
import { hidingMalformedIds, holdToCount, holdToScope } from './hold.js';
import { inputOf } from './input.js';
import { inRootSpan } from './root-span.js';
import type { Route } from './route.js';
import { sendBytes } from './send-bytes.js';

/** How long a request may take in all, in milliseconds (http.md, Limits). */
const deadlineMs = 5_000;

type Query = Record<string, string | string[]>;

/**
 * One request's way through the gateway: credential, rate, scope, headers, idempotency, one message, answer. The answer's
 * bytes are passed on unread.
 */
@Injectable()
export class Exchange {
  constructor(
    private readonly ask: Ask,
    private readonly local: LocalCalls,
    private readonly admission: Admission,
    private readonly idempotency: Idempotency,
    private readonly problems: Problems,
  ) {}

  async handle(route: Route, request: FastifyRequest, reply: FastifyReply): Promise<void> {
    const about = { requestId: request.id, deadline: Date.now() + deadlineMs };
    try {
      const who = await this.admission.admit(request, reply, about);
      holdToScope(route.call, who);
      const admitted = { route, who, request, reply, deadline: about.deadline };
      if (isTracing()) await inRootSpan(route.path, admitted, () => this.#serveInTrace(admitted));
      else await this.#serve(admitted);
    } catch (error) {
      this.problems.send(reply, request, hidingMalformedIds(route, error));
    }
  }

  /** Refuses within the trace, so that what the log says of it names the trace. */
  async #serveInTrace(admitted: Admitted): Promise<void> {
    const { route, request, reply } = admitted;
    try {
      await this.#serve(admitted);
    } catch (error) {
      this.problems.send(reply, request, hidingMalformedIds(route, error));
    }
  }

  async #serve(admitted: Admitted): Promise<void> {
    const { route, who, request, reply } = admitted;
    const body = typeof request.body === 'string' ? request.body : '';
    holdToCount(route, who, request.query as Query);
    const input = inputOf(route, {
      params: request.params as Record<string, string>,
      query: request.query as Query,
      body,
    });
    const context = this.ask.context(admitted);
    const key = request.headers['idempotency-key'];
    if (route.method !== 'POST' || typeof key !== 'string' || who.counted === '') {
      this.#send(admitted, await this.#answer(admitted, input, context));
      return;
    }
    const { method } = request;
    const [url = ''] = request.url.split('?');
    const begun = await this.idempotency.begin({
      key,
      caller: who.counted,
      method,
      url,
      actAs: context.actAs,
      body,
    });
    if ('answer' in begun) {
      const { status, headers, body: kept } = begun.answer;
      void reply
        .code(status)
        .headers({ ...headers, 'Cache-Control': cacheControl(route, who), 'Idempotency-Replayed': 'true' })
        .send(kept);
      return;
    }
    const answer = await this.#callOnce(admitted, input, context, begun.slot);
    this.#send(admitted, answer);
  }

  /** Most answers come from services; the gateway's own calls it serves itself. */
  #answer(admitted: Admitted, input: string, context: CallContext, once?: Slot): Promise<RawReply> {
    if (admitted.route.call.service === 'gateway') return this.local.answer(admitted, input);
    return this.ask.call(admitted, input, context, once);
  }

  /** Makes the call and settles the slot before the answer goes out, so that a retry after it finds what was kept. */
  async #callOnce(admitted: Admitted, input: string, context: CallContext, slot: Slot): Promise<RawReply> {
    const { route, request } = admitted;
    let answer: RawReply;
    try {
      answer = await this.#answer(admitted, input, context, slot);
    } catch (error) {
      // NOTE: who waited until the deadline does not know whether the handler ran: the slot stays taken until it is stale.
      if (Date.now() < context.deadline) await this.idempotency.release(slot);
      throw error;
    }
    // NOTE: the handler has run; where the store is away meanwhile its answer matters more than its repetition.
    await this.#settle(route, answer, slot, request).catch((error: unknown) =>
      this.problems.note(request, error),
    );
    return answer;
  }

  async #settle(route: Route, answer: RawReply, slot: Slot, request: FastifyRequest): Promise<void> {
    const kept = this.#kept(route, answer, request);
    if (kept) await this.idempotency.keep(slot, kept, route.call.secret && kept.status < 300);
    else await this.idempotency.release(slot);
  }

  /** What of an answer is kept: 2xx, 404, 409, 412 of a handler that ran. */
  #kept(route: Route, answer: RawReply, request: FastifyRequest): KeptAnswer | null {
    if (answer.failure) {
      const problem = this.problems.of(hidingMalformedIds(route, readFailure(answer)), request);
      if (![404, 409, 412].includes(problem.status)) return null;
      return {
        status: problem.status,
        headers: { 'Content-Type': 'application/problem+json' },
        body: JSON.stringify(problem),
      };
    }
    return {
      status: statusFor(route),
      headers: named(answerHeaders(route, answer, etagOf(answer, includes(request)))),
      body: Buffer.from(answer.bytes).toString(),
    };
  }

  #send({ route, who, request, reply }: Admitted, answer: RawReply): void {
    if (answer.failure) throw readFailure(answer);
    const cached = cacheControl(route, who);
    const etag = etagOf(answer, includes(request));
    if (route.method === 'GET' && etag && etagMatches(request.headers['if-none-match'], etag)) {
      void reply.headers({ ETag: etag, 'Cache-Control': cached }).code(304).send();
      return;
    }
    const headers = answerHeaders(route, answer, etag);
    headers.push('Cache-Control', cached);
    sendBytes(reply, statusFor(route), headers, answer.bytes);
  }
}

/** Whether the request asked for more than the object itself: then its version does not tell the answer's bytes. */
const includes = (request: FastifyRequest): boolean => Object.hasOwn(request.query as Query, 'include');

/** What holds a secret is kept nowhere; what a known caller was given, in no shared cache. */
function cacheControl(route: Route, who: Credential): string {
  if (route.call.secret) return 'no-store';
  return who.counted === '' ? 'public, max-age=0, must-revalidate' : 'private, no-cache';
}

const statusFor = (route: Route): number =>
  route.call.creates ? 201 : route.call.reply.shape === 'nothing' ? 204 : 200;

/** What an answer's headers tell of it: names and values in turn. */
function answerHeaders(route: Route, { location }: RawReply, etag: string): string[] {
  const headers: string[] = [];
  if (route.call.reply.shape !== 'nothing') headers.push('Content-Type', 'application/json; charset=utf-8');
  if (location) headers.push('Location', location);
  if (etag) headers.push('ETag', etag);
  return headers;
}

/** Empty where the answer has no version. */
function etagOf({ version, bytes }: RawReply, including: boolean): string {
  if (!version) return '';
  return including ? `W/"${hash('sha256', bytes, 'base64url').slice(0, 22)}"` : `"v${version}"`;
}

/** Names and values in turn, as an object. */
function named(headers: readonly string[]): Record<string, string> {
  const pairs = headers.flatMap((name, at) => (at % 2 === 0 ? [[name, headers[at + 1] ?? '']] : []));
  return Object.fromEntries(pairs) as Record<string, string>;
}
