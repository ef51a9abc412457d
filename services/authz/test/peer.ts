import { jetstream } from '@nats-io/jetstream';
import type { Call } from '@erato/contracts/kit/call';
import type { EventType } from '@erato/contracts/kit/event';
import { Failure, internal } from '@erato/contracts/kit/failure';
import type { ServiceName } from '@erato/contracts/services';
import { outboxRow } from '@erato/platform/events/outbox';
import { Bus } from '@erato/platform/transport/bus';
import { validatorFor } from '@erato/platform/transport/validator';
import { answerCalls, type AskedCall } from '@erato/testing/answer-calls';
import type { Infra } from '@erato/testing/infra';

/**
 * Another service as this one sees it: it answers exactly the calls that a test names, over the real bus with the real
 * permissions, and states events. What goes in and out is held to the contract.
 */
export class Peer {
  readonly #asked: { subject: string; input: unknown }[] = [];
  readonly #answers = new Map<string, (call: AskedCall) => void>();

  private constructor(
    private readonly bus: Bus,
    private readonly service: ServiceName,
  ) {
    answerCalls(
      bus.connection,
      `call.${service}.>`,
      (asked) => this.#answers.get(asked.subject)?.(asked),
      service,
    );
  }

  static async open(infra: Infra, service: ServiceName): Promise<Peer> {
    const peer = new Peer(await Bus.open({ ...infra.nats(service), name: `peer ${service}` }), service);
    await peer.bus.connection.flush();
    return peer;
  }

  /** How often a call was made, with what. */
  asked(call: { subject: string }): unknown[] {
    return this.#asked.filter(({ subject }) => subject === call.subject).map(({ input }) => input);
  }

  answer<I, R>(call: Call<I, R>, answer: (input: I) => R | Promise<R>): void {
    const item = call.reply.item;
    const validateReply = item ? validatorFor(item) : () => undefined;
    this.#answers.set(call.subject, (asked) => {
      void (async () => {
        try {
          const input = asked.input as I;
          validatorFor(call.request)(input);
          this.#asked.push({ subject: call.subject, input });
          const reply = await answer(input);
          for (const each of Array.isArray(reply) ? reply : [reply]) validateReply(each);
          asked.answer({ data: reply });
        } catch (error) {
          const failure = error instanceof Failure ? error : internal({ cause: error });
          asked.answer({ code: failure.code, title: failure.title }, { failure: failure.kind });
        }
      })();
    });
  }

  /** States an event as the service's relay does; `time` is another than now. */
  async emit<T>(event: EventType<T>, about: string, data: T, more: { time?: string } = {}): Promise<void> {
    const context = {
      actor: `service:${this.service}`,
      requestId: crypto.randomUUID(),
      deadline: Date.now() + 5_000,
    };
    const row = outboxRow(event, about, data, context);
    const body = more.time === undefined ? row.body : JSON.stringify({ ...JSON.parse(row.body), ...more });
    await jetstream(this.bus.connection).publish(row.subject, body, { msgID: row.id });
  }

  close(): Promise<void> {
    return this.bus.close();
  }
}
