import type { Msg } from '@nats-io/transport-node';
import type { AnyCall, Call, Page } from '@erato/contracts/kit/call';
import {
  Failure,
  internal,
  timedOut,
  unavailable,
  type FailureFacts,
  type FailureKind,
} from '@erato/contracts/kit/failure';
import { activeTraceparent } from '../telemetry/tracing.js';
import type { Bus } from './bus.js';
import { writeEnvelope, type Envelope } from './envelope.js';
import { header } from './headers.js';

/** The least margin, in milliseconds, that a caller leaves itself after the deadline it set for others. */
const grace = 50;

interface Pending {
  deadline: number;
  resolve: (message: Msg) => void;
  reject: (failure: Failure) => void;
}

/** An answer as it came: the bytes are the HTTP body already. */
export interface RawReply {
  readonly bytes: Uint8Array;
  readonly failure: string;
  readonly version: string;
  readonly location: string;
}

/**
 * Makes calls: one inbox subscription for the whole process, replies matched by a token (the stock client of Nest
 * subscribes, publishes and unsubscribes for each request). Every call ends: with an answer, with `unavailable`
 * where nobody serves the subject or the bus is away, or with `timeout` at its deadline.
 */
export class BusCaller {
  readonly #bus: Bus;
  readonly #inbox: string;
  readonly #pending = new Map<string, Pending>();
  readonly #sweeper: NodeJS.Timeout;
  /**
   * Tokens whose answer has come, to be used again: the server then finds the reply's subject and permission in its caches.
   * It lets through one answer a request; a token whose answer did not come in time is never used again.
   */
  readonly #free: string[] = [];
  #next = 0;

  constructor(bus: Bus) {
    this.#bus = bus;
    this.#inbox = `${bus.inboxPrefix}.${crypto.randomUUID().replaceAll('-', '')}.`;
    bus.connection.subscribe(`${this.#inbox}*`, {
      callback: (error, message) => {
        if (!error) this.#settle(message);
      },
    });
    this.#sweeper = setInterval(() => this.#expire(), 25).unref();
  }

  /** Calls as a service or on behalf of a caller, and gives the typed answer; throws the {@link Failure} that came. */
  async call<I, R>(call: Call<I, R>, input: I, context: CallContext): Promise<R> {
    const reply = await this.raw(call, JSON.stringify(input), context);
    if (reply.failure) throw readFailure(reply);
    if (call.reply.shape === 'nothing') return undefined as R;
    const body = JSON.parse(Buffer.from(reply.bytes).toString()) as { data: R };
    return call.reply.shape === 'page' ? (body as unknown as Page<unknown> as R) : body.data;
  }

  /** Calls and gives the answer's bytes unread. Throws only where no answer came. */
  async raw(call: AnyCall, input: string, context: CallContext): Promise<RawReply> {
    if (!this.#bus.connected) throw unavailable({ detail: 'The message bus is away.' });
    const token = this.#free.pop() ?? (this.#next++).toString(36);
    const answered = new Promise<Msg>((resolve, reject) => {
      this.#pending.set(token, { deadline: context.deadline + grace, resolve, reject });
    });
    const send = (): void => {
      const headers = writeEnvelope(context);
      const reply = this.#inbox + token;
      this.#bus.connection.publish(call.subject, Buffer.from(input), { reply, headers });
    };
    try {
      // Alone, it has nobody to travel with.
      if (this.#pending.size === 1) send();
      else this.#bus.soon(send, (cause) => this.#fail(token, unavailable({ cause })));
    } catch (cause) {
      this.#fail(token, unavailable({ cause }));
    }
    return readReply(await answered);
  }

  close(): void {
    clearInterval(this.#sweeper);
    for (const [token, pending] of this.#pending) {
      this.#pending.delete(token);
      pending.reject(unavailable());
    }
  }

  #settle(message: Msg): void {
    const token = message.subject.slice(this.#inbox.length);
    const pending = this.#pending.get(token);
    if (!pending) return;
    this.#pending.delete(token);
    this.#free.push(token);
    if (message.data.length === 0 && message.headers?.code === 503) {
      pending.reject(unavailable({ detail: 'No instance of the service is there.' }));
    } else {
      pending.resolve(message);
    }
  }

  #fail(token: string, failure: Failure): void {
    const pending = this.#pending.get(token);
    this.#pending.delete(token);
    pending?.reject(failure);
  }

  #expire(): void {
    const now = Date.now();
    for (const [token, pending] of this.#pending) {
      if (pending.deadline > now) continue;
      this.#pending.delete(token);
      pending.reject(
        this.#bus.connected ? timedOut() : unavailable({ detail: 'The message bus went away.' }),
      );
    }
  }
}

/** What a call needs of a context: a service calling for itself has no caller. */
export type CallContext = Envelope;

/** The context of a call that a service makes for itself. */
export function ownContext(
  about: { requestId?: string; traceparent?: string; timeoutMs?: number } = {},
): CallContext {
  const traceparent = activeTraceparent() ?? about.traceparent;
  return {
    requestId: about.requestId ?? crypto.randomUUID(),
    deadline: Date.now() + (about.timeoutMs ?? 5_000),
    ...(traceparent ? { traceparent } : {}),
  };
}

function readReply(message: Msg): RawReply {
  const reply = { bytes: message.data, failure: '', version: '', location: '' };
  for (const [name, [value = '']] of message.headers ?? []) {
    if (name === header.failure) reply.failure = value;
    else if (name === header.version) reply.version = value;
    else if (name === header.location) reply.location = value;
  }
  return reply;
}

/** The failure that an answer carries; one that cannot be read becomes `internal`. */
export function readFailure(reply: RawReply): Failure {
  try {
    const body = JSON.parse(Buffer.from(reply.bytes).toString()) as FailureBody;
    return new Failure(reply.failure as FailureKind, body.code, body.title, body);
  } catch (cause) {
    return internal({ cause });
  }
}

/** A failure on the wire: the public facts alone. */
export interface FailureBody extends Omit<FailureFacts, 'cause'> {
  code: string;
  title: string;
}
