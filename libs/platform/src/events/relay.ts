import { jetstream, type JetStreamClient } from '@nats-io/jetstream';
import type { NatsConnection } from '@nats-io/transport-node';
import type { Pool } from 'pg';
import { statement } from '../database/statement.js';
import { eventsPublished } from '../telemetry/metrics.js';
import type { Bus } from '../transport/bus.js';
import type { LeaderWork } from './leader.js';

const batch = 256;
const pollMs = 1_000;
const next = statement('SELECT seq, id, subject, body::text AS body FROM outbox ORDER BY seq LIMIT $1');
const done = statement('DELETE FROM outbox WHERE seq = ANY($1::bigint[])');

interface Row {
  readonly seq: string;
  readonly id: string;
  readonly subject: string;
  readonly body: string;
}

/**
 * Publishes the outbox to the stream, in the order in which rows were written: over a connection of its own that does not
 * reconnect, so that nothing goes out after something that was lost; in a cluster, where the stream's leader can change in
 * between, one after the other. It publishes with the event's id for the stream's own deduplication; a row is deleted once
 * the stream has acknowledged it. A crash in between publishes it again, which the stream or the consumer's inbox
 * recognises. Woken after each commit, it also polls once a second.
 */
export class Relay implements LeaderWork {
  readonly name = 'relay';
  readonly #wakeSubject: string;
  #wake: (() => void) | undefined;
  #awake = false;

  constructor(
    service: string,
    private readonly bus: Bus,
    private readonly pool: Pool,
    private readonly isLeader: () => boolean,
    private readonly connectAlone: () => Promise<NatsConnection>,
  ) {
    this.#wakeSubject = `wake.${service}.outbox`;
    bus.connection.subscribe(this.#wakeSubject, { callback: () => this.#rouse() });
  }

  /** To be called after a commit; where another replica relays, it is told over the bus. */
  readonly committed = (): void => {
    if (this.isLeader()) this.#rouse();
    else if (this.bus.connected && !this.bus.connection.isClosed()) {
      this.bus.connection.publish(this.#wakeSubject);
    }
  };

  async run(signal: AbortSignal): Promise<void> {
    const connection = await this.connectAlone();
    const stream = jetstream(connection, { timeout: 3_000 });
    try {
      while (!signal.aborted) {
        const published = await this.#publishBatch(stream, connection.info?.cluster !== undefined);
        if (published < batch) await this.#sleep(signal);
      }
    } finally {
      await connection.close();
    }
  }

  async #publishBatch(stream: JetStreamClient, oneByOne: boolean): Promise<number> {
    this.#awake = false;
    const { rows } = await this.pool.query<Row>({
      ...next,
      values: [batch],
    });
    if (rows.length === 0) return 0;
    const acknowledged = await publishInOrder(stream, rows, oneByOne);
    const published = rows.filter((_, at) => acknowledged[at]?.status === 'fulfilled').map((row) => row.seq);
    if (published.length > 0) await this.pool.query({ ...done, values: [published] });
    eventsPublished.inc(published.length);
    const failed = acknowledged.find((each) => each.status === 'rejected');
    if (failed) throw failed.reason;
    return rows.length;
  }

  #rouse(): void {
    this.#awake = true;
    this.#wake?.();
  }

  #sleep(signal: AbortSignal): Promise<void> {
    if (this.#awake || signal.aborted) return Promise.resolve();
    return new Promise((resolve) => {
      const end = (): void => {
        clearTimeout(timer);
        signal.removeEventListener('abort', end);
        this.#wake = undefined;
        resolve();
      };
      const timer = setTimeout(end, pollMs);
      signal.addEventListener('abort', end, { once: true });
      this.#wake = end;
    });
  }
}

async function publishInOrder(
  stream: JetStreamClient,
  rows: readonly Row[],
  oneByOne: boolean,
): Promise<PromiseSettledResult<unknown>[]> {
  const publish = ({ subject, body, id }: Row) => stream.publish(subject, body, { msgID: id });
  if (!oneByOne) return Promise.allSettled(rows.map(publish));
  const settled: PromiseSettledResult<unknown>[] = [];
  for (const row of rows) {
    const [one] = await Promise.allSettled([publish(row)]);
    settled.push(one);
    if (one.status === 'rejected') break;
  }
  return settled;
}
