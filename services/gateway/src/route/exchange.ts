import { createHash } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { holdsScope } from '@erato/contracts/kit/context';
import { Failure, invalidField, notFound, scopeMissing, unauthenticated } from '@erato/contracts/kit/failure';
import { BusCaller, readFailure, type CallContext, type RawReply } from '@erato/platform/transport/caller';
import { CallerSigner } from '@erato/platform/transport/signed-caller';
import { Admission } from '../credential/admission.js';
import type { Credential } from '../credential/credentials.js';
import { Idempotency, type KeptAnswer, type Slot } from '../idempotency/idempotency.js';
import { Problems } from '../problem/problems.js';
import { actAsOf, consistencyOf, etagMatches, ifMatchOf, traceparentOf } from './headers.js';
import { inputOf } from './input.js';
import type { Route } from './route.js';
import { sendBytes } from './send-bytes.js';

/** How long a request may take in all, in milliseconds (http.md, Limits). */
const deadlineMs = 5_000;

export const SIGNER = Symbol('signer');

type Query = Record<string, string | string[]>;

/** A request that was let in. */
interface Admitted {
  readonly route: Route;
  readonly who: Credential;
  readonly request: FastifyRequest;
  readonly reply: FastifyReply;
  readonly deadline: number;
}

/**
 * One request's way through the gateway: credential, rate, scope, headers, idempotency, one message, answer. The answer's
 * bytes are passed on unread.
 */
@Injectable()
export class Exchange {
  constructor(
    private readonly bus: BusCaller,
    private readonly admission: Admission,
    private readonly idempotency: Idempotency,
    private readonly problems: Problems,
    @Inject(SIGNER) private readonly signer: CallerSigner,
  ) {}

  async handle(route: Route, request: FastifyRequest, reply: FastifyReply): Promise<void> {
    const about = { requestId: request.id, deadline: Date.now() + deadlineMs };
    try {
      const who = await this.admission.admit(request, reply, about);
      holdToScope(route, who);
      await this.#serve({ route, who, request, reply, deadline: about.deadline });
    } catch (error) {
      this.problems.send(reply, request, hidingMalformedIds(route, error));
    }
  }

  async #serve(admitted: Admitted): Promise<void> {
    const { route, who, request, reply } = admitted;
    const body = typeof request.body === 'string' ? request.body : '';
    holdToCount(route, who, request);
    const input = inputOf(route, {
      params: request.params as Record<string, string>,
      query: request.query as Query,
      body,
    });
    const context = this.#context(admitted);
    const key = request.headers['idempotency-key'];
    if (route.method !== 'POST' || typeof key !== 'string' || who.counted === '') {
      this.#send(admitted, await this.bus.raw(route.call, input, context));
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
        .headers({ ...headers, ...cacheControl(route, who), 'Idempotency-Replayed': 'true' })
        .send(kept);
      return;
    }
    const answer = await this.#callOnce(route, input, context, begun.slot, request);
    this.#send(admitted, answer);
  }

  /** Makes the call and settles the slot before the answer goes out, so that a retry after it finds what was kept. */
  async #callOnce(
    route: Route,
    input: string,
    context: CallContext,
    slot: Slot,
    request: FastifyRequest,
  ): Promise<RawReply> {
    let answer: RawReply;
    try {
      answer = await this.bus.raw(route.call, input, { ...context, once: slot });
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
      headers: answerHeaders(route, answer, includes(request)),
      body: Buffer.from(answer.bytes).toString(),
    };
  }

  #send({ route, who, request, reply }: Admitted, answer: RawReply): void {
    if (answer.failure) throw readFailure(answer);
    const headers = answerHeaders(route, answer, includes(request));
    reply.headers({ ...headers, ...cacheControl(route, who) });
    const etag = headers['ETag'];
    if (route.method === 'GET' && etag && etagMatches(request.headers['if-none-match'], etag)) {
      void reply.removeHeader('Content-Type').code(304).send();
      return;
    }
    sendBytes(reply, statusFor(route), answer.bytes);
  }

  #context({ route, who, request, deadline }: Admitted): CallContext {
    const actAs = actAsOf(request.headers['erato-act-as'], route.call, who.caller);
    const consistency = consistencyOf(request.headers['erato-consistency']);
    const ifMatch = route.method === 'GET' ? undefined : ifMatchOf(request.headers['if-match']);
    const traceparent = who.counted === '' ? undefined : traceparentOf(request.headers['traceparent']);
    const facts = { caller: who.encoded, requestId: request.id, deadline, actAs };
    return {
      requestId: request.id,
      deadline,
      encodedCaller: who.encoded,
      signature: this.signer.sign(route.call, facts),
      ...(actAs === undefined ? {} : { actAs }),
      ...(consistency === undefined ? {} : { consistency }),
      ...(ifMatch === undefined ? {} : { ifMatch }),
      ...(traceparent === undefined ? {} : { traceparent }),
    };
  }
}

/** The scope is checked for guests' routes too: a credential is held to what it may. */
function holdToScope(route: Route, who: Credential): void {
  const { scope, guest } = route.call;
  if (who.caller.subjectType === 'guest') {
    if (!guest) throw unauthenticated();
    return;
  }
  if (scope !== null && !holdsScope(who.caller.scopes, scope)) {
    throw scopeMissing({ detail: `The credential lacks the scope ${scope}.`, extra: { scope } });
  }
}

/** A list is counted for known callers alone: counting costs more than a page, and tells more (http.md, Envelopes). */
function holdToCount(route: Route, who: Credential, request: FastifyRequest): void {
  if (who.counted !== '' || !route.query.has('count')) return;
  if (Object.hasOwn(request.query as Query, 'count')) {
    throw invalidField('count', 'not_for_guests', 'needs a credential');
  }
}

/** Whether the request asked for more than the object itself: then its version does not tell the answer's bytes. */
const includes = (request: FastifyRequest): boolean => Object.hasOwn(request.query as Query, 'include');

/** What holds a secret is kept nowhere; what a known caller was given, in no shared cache. */
const cacheControl = (route: Route, who: Credential): { 'Cache-Control': string } => ({
  'Cache-Control': route.call.secret
    ? 'no-store'
    : who.counted === ''
      ? 'public, max-age=0, must-revalidate'
      : 'private, no-cache',
});

const statusFor = (route: Route): number =>
  route.call.creates ? 201 : route.call.reply.shape === 'nothing' ? 204 : 200;

function answerHeaders(route: Route, answer: RawReply, including: boolean): Record<string, string> {
  const headers: Record<string, string> = { 'Content-Type': 'application/json; charset=utf-8' };
  if (route.call.reply.shape === 'nothing') delete headers['Content-Type'];
  if (answer.location) headers['Location'] = answer.location;
  if (answer.version && including) headers['ETag'] = weakEtag(answer);
  else if (answer.version) headers['ETag'] = `"v${answer.version}"`;
  return headers;
}

const weakEtag = (answer: RawReply): string =>
  `W/"${createHash('sha256').update(answer.bytes).digest('base64url').slice(0, 22)}"`;

/** A malformed id in a path is 404: there is nothing of that name (http.md). */
function hidingMalformedIds(route: Route, error: unknown): unknown {
  if (!(error instanceof Failure) || error.kind !== 'invalid') return error;
  return error.errors?.some(({ path }) => route.params.includes(path)) ? notFound() : error;
}
