import type { NatsConnection } from '@nats-io/transport-node';
import { callsIn, type AnswerFacts } from '@erato/platform/transport/incoming';

/** A call that a test answers in the place of a service. */
export interface AskedCall {
  readonly subject: string;
  readonly input: unknown;
  answer(body: unknown, facts?: AnswerFacts): void;
}

/** Answers the calls to a subject as a service's transport does, whoever signed them. */
export function answerCalls(
  connection: NatsConnection,
  subject: string,
  handle: (call: AskedCall) => void,
  queue?: string,
): void {
  const bus = { soon: (publish: () => void) => publish() };
  connection.subscribe(subject, {
    ...(queue === undefined ? {} : { queue }),
    callback: (error, message) => {
      if (error) return;
      for (const call of callsIn(message, bus, () => undefined)) {
        const input: unknown = JSON.parse(Buffer.from(call.input).toString());
        handle({
          subject: call.subject,
          input,
          answer: (body, facts) => call.answer(JSON.stringify(body), facts),
        });
      }
    },
  });
}
