import type { Msg } from '@nats-io/transport-node';
import type { Bus } from './bus.js';
import { readEnvelope, type Envelope } from './envelope.js';
import { fullBytes, outgoing, pack, unpack, type OutgoingPart } from './frame.js';

/** What is said about an answer beside its body. */
export interface AnswerFacts {
  /** The kind of failure; absent on success. */
  readonly failure?: string;
  /** The object's version, from which the gateway makes the ETag. */
  readonly version?: string;
  /** The path of what was made. */
  readonly location?: string;
}

/** A call as it came, alone or with others in one message. */
export interface IncomingCall {
  readonly subject: string;
  readonly envelope: Envelope;
  readonly input: Uint8Array;
  /**
   * Answers it, together with what else is answered in this turn; `now` where nothing else is under way. A long answer has a
   * message of its own at once.
   *
   * @throws Error where it cannot be said: a field that would end itself, an answer longer than the bus carries, a closed connection
   */
  answer(body: string, facts?: AnswerFacts, now?: boolean): void;
}

/** The calls in a message; none where it is not one of calls. `lost` is told where answers could not be sent. */
export function callsIn(
  message: Msg,
  bus: Pick<Bus, 'soon'>,
  lost: (cause: unknown) => void,
): IncomingCall[] {
  const parts = unpack(message.data) ?? [];
  const answers = new Answers(message, bus, lost);
  return parts.map(({ fields: [id = '', ...fields], body }) => ({
    subject: message.subject,
    envelope: readEnvelope(fields),
    input: body,
    answer: (text, { failure = '', version = '', location = '' } = {}, now = false) =>
      answers.add(outgoing([id, failure, version, location], text), now),
  }));
}

/** The answers to the calls of one message, which leave as they get ready. */
class Answers {
  #ready: OutgoingPart[] = [];
  #bytes = 0;

  constructor(
    private readonly message: Msg,
    private readonly bus: Pick<Bus, 'soon'>,
    private readonly lost: (cause: unknown) => void,
  ) {}

  add(part: OutgoingPart, now: boolean): void {
    if (this.#bytes > 0 && this.#bytes + part.size > fullBytes) this.#send();
    this.#bytes += part.size;
    this.#ready.push(part);
    if (now || this.#bytes > fullBytes) this.#send();
    else if (this.#ready.length === 1) this.bus.soon(() => this.#send(), this.lost);
  }

  #send(): void {
    if (this.#ready.length === 0) return;
    const ready = this.#ready;
    this.#ready = [];
    this.#bytes = 0;
    this.message.respond(pack(ready));
  }
}
