import { randomUUID } from 'node:crypto';
import { jetstream, jetstreamManager } from '@nats-io/jetstream';
import { headers, type NatsConnection } from '@nats-io/transport-node';
import { deadStream } from './permissions.js';

/** An event that a consumer gave up on. */
export interface DeadLetter {
  /** Its number in the stream DEAD. */
  readonly seq: number;
  /** When it was given up, RFC 3339. */
  readonly time: string;
  /** The consumer that could not apply it: `<service>-<source>`. */
  readonly consumer: string;
  /** Where it had been published. */
  readonly subject: string;
  /** The code of the last failure. */
  readonly error: string;
  readonly tries: number;
  /** The CloudEvents id, `?` when the body is no event. */
  readonly id: string;
  readonly body: string;
}

function eventId(body: string): string {
  try {
    const event: unknown = JSON.parse(body);
    return event !== null && typeof event === 'object' && 'id' in event ? String(event.id) : '?';
  } catch {
    return '?';
  }
}

/** How many times a server that owes messages may give none in two seconds. */
const patience = 10;

/** Every dead letter, the oldest first; of one service when it is named. */
export async function deadLetters(connection: NatsConnection, service?: string): Promise<DeadLetter[]> {
  const manager = await jetstreamManager(connection);
  const { messages } = (await manager.streams.info(deadStream)).state;
  if (messages === 0) return [];
  const filter = { filter_subjects: `${service === undefined ? 'dead' : `dead.${service}`}.>` };
  const consumer = await jetstream(connection).consumers.get(deadStream, filter);
  const found: DeadLetter[] = [];
  let { num_pending: pending } = await consumer.info();
  for (let silences = 0; pending > 0;) {
    const message = await consumer.next({ expires: 2_000 });
    if (message === null) {
      // A list that ends early would be taken for the whole: what was dropped meanwhile is not waited for, what is late is.
      if (++silences > patience) throw new Error('the dead letters could not be read to their end');
      ({ num_pending: pending } = await consumer.info());
      continue;
    }
    const about = (name: string): string => message.headers?.get(name) ?? '';
    const body = message.string();
    found.push({
      seq: message.seq,
      time: message.time.toISOString(),
      consumer: about('Erato-Consumer'),
      subject: about('Erato-Subject'),
      error: about('Erato-Error'),
      tries: Number(about('Erato-Tries')),
      id: eventId(body),
      body,
    });
    pending = message.info.pending;
  }
  return found;
}

/**
 * Publishes an event again where it had been published, and takes it out of the dead letters once the stream has
 * it. Its id is the same, so consumers that had applied it pass over it; the message id is new, so the stream does
 * not take it for a repetition.
 */
export async function replay(connection: NatsConnection, letter: DeadLetter): Promise<void> {
  if (!letter.subject.startsWith('event.'))
    throw new Error(`dead letter ${letter.seq} does not say where it belongs`);
  const about = headers();
  about.set('Erato-Replay-Of', String(letter.seq));
  await jetstream(connection).publish(letter.subject, letter.body, {
    msgID: `replay:${randomUUID()}`,
    headers: about,
  });
  await drop(connection, letter);
}

/** Forgets a dead letter for good. */
export async function drop(connection: NatsConnection, { seq }: DeadLetter): Promise<void> {
  const manager = await jetstreamManager(connection);
  await manager.streams.deleteMessage(deadStream, seq, false);
}
