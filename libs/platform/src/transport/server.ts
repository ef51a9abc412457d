import type { Msg, Subscription } from '@nats-io/transport-node';
import { Catch, type RpcExceptionFilter } from '@nestjs/common';
import { Server, type CustomTransportStrategy, type MessageHandler } from '@nestjs/microservices';
import type { Histogram } from 'prom-client';
import { lastValueFrom, isObservable, throwError, type Observable } from 'rxjs';
import type { AnyCall } from '@erato/contracts/kit/call';
import {
  alreadyDone,
  Failure,
  idempotencyConflict,
  internal,
  notFound,
  timedOut,
  unauthenticated,
  commonFailures,
} from '@erato/contracts/kit/failure';
import type { Context, Once } from '@erato/contracts/kit/context';
import type { GivenAnswer, KeptAnswers } from '../idempotency/kept-answers.js';
import { callDuration } from '../telemetry/metrics.js';
import { inSpan, traceOf } from '../telemetry/tracing.js';
import type { Log } from '../service/log.js';
import type { Bus } from './bus.js';
import type { FailureBody } from './caller.js';
import { callsIn, type AnswerFacts, type IncomingCall } from './incoming.js';
import { MicroDiscovery } from './micro.js';
import { fillPath } from './path.js';
import type { CallerVerifier } from './signed-caller.js';
import { validatorFor, type Validator } from './validator.js';

interface Endpoint {
  readonly call: AnyCall;
  readonly handle: MessageHandler;
  readonly validate: Validator;
  readonly fails: ReadonlySet<string>;
  /** The histogram of its successes: finding it by labels each time costs more than counting. */
  readonly succeeded: Histogram.Internal<string>;
}

/** What a request with an Idempotency-Key can end with besides. */
const onceFailures = [alreadyDone, idempotencyConflict];

/** Keeps what a handler threw as it is, where Nest would make a text of it. */
@Catch()
export class KeepFailure implements RpcExceptionFilter<unknown> {
  catch(exception: unknown): Observable<never> {
    return throwError(() => exception);
  }
}

/**
 * The transport that serves a service's calls: one subscription `call.<service>.>` in the queue group of the
 * service's name, so that replicas share the work. A message is refused unless its caller was signed by the gateway
 * (or the call is one that only services make), its deadline lies ahead and its input fits the contract.
 */
export class BusServer extends Server implements CustomTransportStrategy {
  readonly #endpoints = new Map<string, Endpoint>();
  readonly #micro: MicroDiscovery;
  #subscription: Subscription | undefined;
  #underWay = 0;
  #idle: (() => void) | undefined;

  constructor(
    private readonly service: string,
    private readonly bus: Bus,
    private readonly verifier: CallerVerifier,
    private readonly answers: KeptAnswers,
    private readonly log: Log,
  ) {
    super();
    this.#micro = new MicroDiscovery(service, bus.connection);
  }

  override listen(ready: () => void): void {
    for (const [subject, handle] of this.messageHandlers) {
      const call = (handle.extras as { call: AnyCall }).call;
      this.#endpoints.set(subject, {
        call,
        handle,
        validate: validatorFor(call.request),
        fails: new Set([...commonFailures, ...onceFailures, ...call.fails].map((type) => type.code)),
        succeeded: callDuration.labels(call.subject, 'ok'),
      });
      this.#micro.add(call);
    }
    this.#subscription = this.bus.connection.subscribe(`call.${this.service}.>`, {
      queue: this.service,
      callback: (error, message) => {
        if (!error) this.#take(message);
      },
    });
    this.#micro.listen();
    ready();
  }

  /** Takes no new message, and waits for those under way. */
  override async close(): Promise<void> {
    const subscription = this.#subscription;
    this.#subscription = undefined;
    if (!this.bus.connection.isClosed()) await subscription?.drain();
    if (this.#underWay > 0) await new Promise<void>((resolve) => (this.#idle = resolve));
  }

  override on(): never {
    throw new Error('The bus has no events of its own here; see Bus.onReconnect.');
  }

  override unwrap<T>(): T {
    return this.bus.connection as T;
  }

  #take(message: Msg): void {
    const calls = callsIn(message, this.bus, (err) => this.#lost(message.subject, err));
    if (calls.length === 0) this.log.warn({ subject: message.subject }, 'a message is none of calls');
    for (const call of calls) void this.#serve(call);
  }

  async #serve(message: IncomingCall): Promise<void> {
    const started = performance.now();
    const endpoint = this.#endpoints.get(message.subject);
    this.#underWay++;
    let failed: Failure | undefined;
    try {
      if (!endpoint) throw notFound({ detail: 'There is no such call.' });
      await this.#answer(endpoint, message);
    } catch (thrown) {
      failed = this.#toFailure(thrown, endpoint, message);
      this.#refuse(message, failed);
    } finally {
      const took = performance.now() - started;
      if (endpoint && !failed) endpoint.succeeded.observe(took / 1000);
      else {
        const subject = endpoint?.call.subject ?? 'unknown';
        callDuration.observe({ subject, outcome: failed?.kind ?? 'ok' }, took / 1000);
      }
      this.#micro.count(message.subject, took, failed);
      if (--this.#underWay === 0) this.#idle?.();
    }
  }

  async #answer({ call, handle, validate }: Endpoint, message: IncomingCall): Promise<void> {
    const context = this.#context(call, message);
    if (context.deadline <= Date.now()) throw timedOut();
    const input: unknown = message.input.length === 0 ? {} : parse(message.input);
    validate(input);
    const give = ({ body, version, location }: GivenAnswer): void =>
      this.#respond(message, body, { version, location });
    const answer = async (): Promise<GivenAnswer> => {
      const value: unknown = await inSpan(call.subject, context.traceparent, async () => {
        const result: unknown = await handle(input, context);
        return isObservable(result) ? lastValueFrom(result) : result;
      });
      const location = call.creates ? fillPath(call.creates, value, input) : '';
      return { body: encode(call, value), version: versionOf(value), location };
    };
    if (!context.once) give(await answer());
    else await this.#once(context.once, call, answer, give);
  }

  /** Carries out what takes effect once, or gives the answer of the try that did. */
  async #once(
    once: Once,
    call: AnyCall,
    answer: () => Promise<GivenAnswer>,
    give: (given: GivenAnswer) => void,
  ): Promise<void> {
    const known = once.again ? await this.answers.find(once) : null;
    if (known) {
      give(known);
      return;
    }
    try {
      const given = await answer();
      give(given);
      if (once.state !== 'recorded' || call.secret) return;
      this.answers
        .keep(once, given)
        .catch((err: unknown) => this.log.warn({ err, subject: call.subject }, 'an answer was not kept'));
    } catch (thrown) {
      if (once.state === 'recorded') await this.answers.forget(once);
      const earlier = once.state === 'ran-already' ? await this.answers.find(once) : null;
      if (!earlier) throw thrown;
      give(earlier);
    }
  }

  #context(call: AnyCall, message: IncomingCall): Context {
    const { envelope } = message;
    const { requestId, deadline, actAs, encodedCaller = '', signature = '' } = envelope;
    const facts = { caller: encodedCaller, requestId, deadline, actAs };
    const caller = call.http ? this.verifier.verify(call.subject, facts, signature) : serviceItself;
    if (!caller) throw unauthenticated({ detail: 'The caller was not signed by the gateway.' });
    const { once } = envelope;
    return Object.assign(
      envelope,
      { caller, encodedCaller, signature },
      once && { once: { ...once, run: crypto.randomUUID(), state: 'open' as const } },
    );
  }

  /** What leaves the service: a declared failure as it is, anything else as `internal`, with the cause in the log. */
  #toFailure(thrown: unknown, endpoint: Endpoint | undefined, message: IncomingCall): Failure {
    const { requestId, traceparent } = message.envelope;
    const about = { subject: message.subject, requestId, ...traceOf(traceparent) };
    if (thrown instanceof Failure && (!endpoint || endpoint.fails.has(thrown.code))) {
      if (thrown.cause !== undefined)
        this.log.warn({ ...about, code: thrown.code, err: thrown.cause }, 'call failed');
      return thrown;
    }
    this.log.error({ ...about, err: thrown }, 'call failed unexpectedly');
    return internal();
  }

  /** Where not even this can be sent (the connection is closed), the caller's deadline tells him; nobody waits here. */
  #refuse(message: IncomingCall, failed: Failure): void {
    try {
      this.#respond(message, failureBody(failed), { failure: failed.kind });
    } catch (err) {
      this.#lost(message.subject, err);
    }
  }

  /** One that is alone has nobody to travel with. */
  #respond(message: IncomingCall, body: string, facts: AnswerFacts): void {
    message.answer(body, facts, this.#underWay === 1);
  }

  #lost(subject: string, err: unknown): void {
    this.log.warn({ err, subject }, 'an answer could not be sent');
  }
}

/** The caller of calls that only services make: NATS' permissions say which service may. */
const serviceItself = { subjectType: 'guest', subjectId: '', scopes: [] } as const;

function parse(data: Uint8Array): unknown {
  try {
    return JSON.parse(Buffer.from(data.buffer, data.byteOffset, data.byteLength).toString());
  } catch (cause) {
    throw internal({ cause });
  }
}

/** JSON that a handler has written itself, for the hottest reads. */
export class RawJson {
  constructor(
    readonly json: string,
    readonly version?: number,
  ) {}
}

/**
 * Gives JSON that a handler has written itself as its answer. It is the one place where a type is taken on trust: what the
 * JSON holds, the tests of the call and of the route check.
 */
export const written = <R>(json: string, version?: number): R => new RawJson(json, version) as R;

function encode(call: AnyCall, value: unknown): string {
  if (call.reply.shape === 'nothing') return '';
  const json = value instanceof RawJson ? value.json : JSON.stringify(value);
  return call.reply.shape === 'page' ? json : `{"data":${json}}`;
}

function versionOf(value: unknown): string {
  if (typeof value !== 'object' || value === null || !('version' in value)) return '';
  return typeof value.version === 'number' ? String(value.version) : '';
}

function failureBody(failure: Failure): string {
  const body: FailureBody = {
    code: failure.code,
    title: failure.title,
    detail: failure.message,
    ...(failure.errors ? { errors: failure.errors } : {}),
    ...(failure.extra ? { extra: failure.extra } : {}),
    ...(failure.retryAfter === undefined ? {} : { retryAfter: failure.retryAfter }),
  };
  return JSON.stringify(body);
}
