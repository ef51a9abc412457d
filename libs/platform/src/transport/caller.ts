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
import { answerInbox, type Bus } from './bus.js';
import { writeEnvelope, type Envelope } from './envelope.js';
import { fullBytes, mostParts, outgoing, pack, unpack, type OutgoingPart } from './frame.js';

/** The least margin, in milliseconds, that a caller leaves itself after the deadline it set for others. */
const grace = 50;

interface Pending {
  readonly deadline: number;
  readonly resolve: (reply: RawReply) => void;
  readonly reject: (failure: Failure) => void;
}

/** A call that leaves at the end of this turn. */
interface Due extends Pending {
  readonly call: AnyCall;
  readonly number: string;
  readonly part: OutgoingPart;
}

/** A message that was sent, and by number the calls in it that wait for their answers. */
interface Sent {
  readonly reply: string;
  /** Of the reply subjects that can be used again where this one belongs. */
  readonly free: string[];
  readonly waiting: Map<string, Pending>;
  /** An answer did not come in time: the subject is never used again. */
  spoiled: boolean;
}

/** An answer as it came: the bytes are the HTTP body already. */
export interface RawReply {
  readonly bytes: Uint8Array;
  readonly failure: string;
  readonly version: string;
  readonly location: string;
}

/**
 * Makes calls: one inbox subscription for the whole process, replies matched by subject and number (the stock client of
 * Nest subscribes, publishes and unsubscribes for each request). The calls of one turn of the event loop to one subject travel in
 * one message (frame.ts). Every call ends: with an answer, with `unavailable` where nobody serves the subject or the
 * bus is away, or with `timeout` at its deadline.
 */
export class BusCaller {
  readonly #bus: Bus;
  /** A name of this process that nobody else has. */
  readonly #self = crypto.randomUUID().replaceAll('-', '');
  readonly #sent = new Map<string, Sent>();
  readonly #sweeper: NodeJS.Timeout;
  /**
   * By service the reply subjects whose answers have all come, to be used again: the server then finds them in its caches.
   * The number of a call is never used again, so that an answer which is given twice finds nobody.
   */
  readonly #free = new Map<string, string[]>();
  #due: Due[] = [];
  #replies = 0;
  #calls = 0;

  constructor(bus: Bus) {
    this.#bus = bus;
    bus.connection.subscribe(`${answerInbox(bus.inboxPrefix, '*')}.${this.#self}.*`, {
      callback: (error, message) => {
        if (!error) this.#receive(message);
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
  raw(call: AnyCall, input: string, context: CallContext): Promise<RawReply> {
    return new Promise((resolve, reject) => {
      if (!this.#bus.connected) throw unavailable({ detail: 'The message bus is away.' });
      const number = (this.#calls++).toString(36);
      const part = outgoing([number, ...writeEnvelope(context)], input);
      this.#due.push({ call, number, part, deadline: context.deadline + grace, resolve, reject });
      if (this.#due.length > 1) return;
      // Alone, it has nobody to travel with.
      if (this.#sent.size === 0) this.#sendAll();
      else
        this.#bus.soon(
          () => this.#sendAll(),
          () => undefined,
        );
    });
  }

  close(): void {
    clearInterval(this.#sweeper);
    for (const { reject } of this.#due) reject(unavailable());
    for (const sent of this.#sent.values()) this.#failAll(sent, unavailable());
    this.#due = [];
  }

  /** Sends what is due, a message for each call's subject or more where they get too large. */
  #sendAll(): void {
    const byCall = new Map<AnyCall, Due[]>();
    for (const each of this.#due) {
      const same = byCall.get(each.call);
      if (same) same.push(each);
      else byCall.set(each.call, [each]);
    }
    this.#due = [];
    for (const [call, same] of byCall) {
      for (const some of inMessages(same)) this.#send(call, some);
    }
  }

  #send({ service, subject }: AnyCall, due: readonly Due[]): void {
    const free = this.#freeOf(service);
    const reply =
      free.pop() ??
      `${answerInbox(this.#bus.inboxPrefix, service)}.${this.#self}.${(this.#replies++).toString(36)}`;
    const waiting = new Map(due.map((each) => [each.number, each]));
    const sent: Sent = { reply, free, waiting, spoiled: false };
    this.#sent.set(reply, sent);
    try {
      this.#bus.connection.publish(subject, pack(due.map(({ part }) => part)), { reply });
    } catch (cause) {
      this.#failAll(sent, unavailable({ cause }));
    }
  }

  #freeOf(service: string): string[] {
    const free = this.#free.get(service) ?? [];
    this.#free.set(service, free);
    return free;
  }

  #receive(message: Msg): void {
    const sent = this.#sent.get(message.subject);
    if (!sent) return;
    if (message.data.length === 0 && message.headers?.code === 503) {
      this.#failAll(sent, unavailable({ detail: 'No instance of the service is there.' }));
      return;
    }
    for (const { fields, body } of unpack(message.data) ?? []) {
      const [number = '', failure = '', version = '', location = ''] = fields;
      this.#take(sent, number)?.resolve({ bytes: body, failure, version, location });
    }
  }

  #failAll(sent: Sent, failure: Failure): void {
    for (const number of sent.waiting.keys()) this.#take(sent, number)?.reject(failure);
  }

  /** Takes a call out of those that wait; the message is done with the last one. */
  #take(sent: Sent, number: string): Pending | undefined {
    const pending = sent.waiting.get(number);
    if (!pending) return undefined;
    sent.waiting.delete(number);
    if (sent.waiting.size > 0) return pending;
    this.#sent.delete(sent.reply);
    if (!sent.spoiled) sent.free.push(sent.reply);
    return pending;
  }

  #expire(): void {
    const now = Date.now();
    for (const sent of this.#sent.values()) {
      for (const [number, { deadline }] of sent.waiting) {
        if (deadline > now) continue;
        sent.spoiled = true;
        const failure = this.#bus.connected
          ? timedOut()
          : unavailable({ detail: 'The message bus went away.' });
        this.#take(sent, number)?.reject(failure);
      }
    }
  }
}

/** Shares calls out so that no message gets too long; one that is too long alone travels alone. */
function* inMessages(due: readonly Due[]): Generator<readonly Due[]> {
  let from = 0;
  let bytes = 0;
  for (const [at, { part }] of due.entries()) {
    if (at > from && (at - from === mostParts || bytes + part.size > fullBytes)) {
      yield due.slice(from, at);
      from = at;
      bytes = 0;
    }
    bytes += part.size;
  }
  yield due.slice(from);
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
