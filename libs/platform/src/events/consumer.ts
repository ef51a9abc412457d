import { setTimeout as delay } from 'node:timers/promises';
import {
  AckPolicy,
  DeliverPolicy,
  jetstream,
  JetStreamApiError,
  jetstreamManager,
  type JetStreamManager,
  type JsMsg,
} from '@nats-io/jetstream';
import { headers as natsHeaders } from '@nats-io/transport-node';
import { SpanKind } from '@opentelemetry/api';
import type { CloudEvent } from '@erato/contracts/kit/event';
import type { Db } from '../database/db.js';
import type { WriteContext } from '../database/write-context.js';
import { statement } from '../database/statement.js';
import type { Tx } from '../database/tx.js';
import type { Log } from '../service/log.js';
import { eventsConsumed } from '../telemetry/metrics.js';
import { inSpan } from '../telemetry/tracing.js';
import type { Bus } from '../transport/bus.js';
import type { EventHandler } from './handler.js';
import { Intake } from './intake.js';
import { watchLag } from './lag-metrics.js';
import type { LeaderWork } from './leader.js';

const batch = 100;
const tries = 8;
const ackWaitMs = 30_000;
/** Waits between the tries of one event, in milliseconds; together about six seconds. */
const backoff = [25, 50, 100, 250, 500, 1_500, 3_500];

const hear = statement(
  'INSERT INTO inbox (consumer, event_id) SELECT $1, id FROM unnest($2::uuid[]) AS id ON CONFLICT DO NOTHING RETURNING event_id',
);
/** The stream keeps events for 30 days; what is older cannot come again. */
const forget = statement(
  `DELETE FROM inbox WHERE consumer = $1 AND received_at < now() - interval '32 days'`,
);

interface Heard {
  readonly message: JsMsg;
  readonly event: CloudEvent<unknown>;
  readonly handler: EventHandler;
}

/**
 * The durable consumer `<service>-<source>`: applies the events of another service in their order, each once. What
 * arrived together is applied in one transaction; when that fails, one by one, each with backoff; an event that fails
 * every time goes to the dead letters with its reason, and those behind it go on.
 */
export class Consumer implements LeaderWork {
  readonly name: string;
  readonly #handlers: ReadonlyMap<string, EventHandler>;

  constructor(
    private readonly service: string,
    private readonly source: string,
    handlers: readonly EventHandler[],
    private readonly parts: { bus: Bus; db: Db; log: Log },
  ) {
    this.name = `${service}-${source}`;
    this.#handlers = new Map(handlers.map((handler) => [handler.event.subject, handler]));
  }

  async run(signal: AbortSignal): Promise<void> {
    const { connection } = this.parts.bus;
    const manager = await jetstreamManager(connection, { timeout: 3_000, checkAPI: false });
    await this.#place(manager);
    await this.parts.db.transaction(this.#context(), async (tx) => {
      await tx.run(forget, [this.name]);
    });
    const consumer = await jetstream(connection, { timeout: 3_000 }).consumers.get('EVENTS', this.name);
    const messages = await consumer.consume({
      max_messages: batch * 4,
      idle_heartbeat: 5_000,
      abort_on_missing_resource: true,
    });
    const stop = (): void => messages.stop();
    signal.addEventListener('abort', stop, { once: true });
    // NOTE: what ended while this began is not told any more.
    if (signal.aborted) stop();
    const intake = new Intake(messages, batch * 4);
    const inHand: JsMsg[] = [];
    const unwatch = watchLag(this.name, () => this.#lag(manager));
    try {
      await this.#work(intake, inHand, signal);
    } finally {
      unwatch();
      signal.removeEventListener('abort', stop);
      messages.stop();
      await this.#giveBack([...inHand, ...(await intake.rest())]);
    }
  }

  /**
   * Makes the consumer, or sets it back to what is acknowledged. What it gave to a process that was killed would come again
   * after the wait for an acknowledgement, behind newer events; begun anew after the last acknowledged one, it gives everything in
   * its order at once, and the inbox knows what was applied. Ended between the two steps it begins at the first event.
   */
  async #place(manager: JetStreamManager): Promise<void> {
    const { consumers } = manager;
    const standing = await consumers.info('EVENTS', this.name).catch(ifMissing);
    if (standing?.num_ack_pending === 0) return;
    if (standing) await consumers.delete('EVENTS', this.name);
    await consumers.add('EVENTS', {
      durable_name: this.name,
      filter_subject: `event.${this.source}.>`,
      ack_policy: AckPolicy.Explicit,
      ...(standing
        ? { deliver_policy: DeliverPolicy.StartSequence, opt_start_seq: standing.ack_floor.stream_seq + 1 }
        : { deliver_policy: DeliverPolicy.All }),
      ack_wait: ackWaitMs * 1_000_000,
      max_ack_pending: 1_000,
    });
  }

  async #lag({ consumers }: JetStreamManager): Promise<number> {
    const { num_pending: waiting, num_ack_pending: inHand } = await consumers.info('EVENTS', this.name);
    return waiting + inHand;
  }

  /** Takes whatever has arrived, up to a batch, so that a backlog is worked off in few transactions. */
  async #work(intake: Intake<JsMsg>, inHand: JsMsg[], signal: AbortSignal): Promise<void> {
    for (;;) {
      inHand.push(...(await intake.take(batch)));
      if (inHand.length === 0 || signal.aborted) return;
      if (!(await this.#apply(inHand, signal))) return;
      inHand.length = 0;
    }
  }

  /**
   * What was given to this process and not applied: whoever leads next gets it at once, ahead of anything newer. Without
   * that it would come back after the wait for an acknowledgement, behind newer events.
   */
  async #giveBack(messages: readonly JsMsg[]): Promise<void> {
    const { bus } = this.parts;
    if (messages.length === 0 || !bus.connected || bus.connection.isClosed()) return;
    for (const message of messages) message.nak();
    await Promise.race([bus.connection.flush(), delay(1_000)]);
  }

  /** Whether all of them were settled, and not the end came between. */
  async #apply(messages: readonly JsMsg[], signal: AbortSignal): Promise<boolean> {
    const heard: Heard[] = [];
    for (const message of messages) heard.push(...(await this.#read(message)));
    if (heard.length > 0) {
      try {
        await this.#inOneTransaction(heard);
      } catch (err) {
        if (heard.length > 1)
          this.parts.log.warn({ err, events: heard.length }, 'events failed together; each is tried alone');
        for (const each of heard) {
          await this.#applyAlone(each, heard, signal);
          if (signal.aborted) return false;
        }
      }
    }
    for (const message of messages) message.ack();
    return true;
  }

  async #read(message: JsMsg): Promise<Heard[]> {
    const handler = this.#handlers.get(message.subject);
    if (!handler) return [];
    try {
      return [{ message, handler, event: message.json<CloudEvent<unknown>>() }];
    } catch {
      await this.#bury(message, message.subject.slice('event.'.length), 'malformed');
      return [];
    }
  }

  async #inOneTransaction(heard: readonly Heard[]): Promise<void> {
    const [first] = heard;
    if (!first) return;
    const repeated = await this.parts.db.transaction(this.#context(first.event), async (tx) => {
      const fresh = await tx.rows<{ event_id: string }>(hear, [
        this.name,
        heard.map(({ event }) => event.id),
      ]);
      const unheard = new Set(fresh.map((row) => row.event_id));
      for (const [handler, events] of runsOf(heard.filter(({ event }) => unheard.delete(event.id)))) {
        await this.#hand(tx, handler, events);
      }
      return heard.length - fresh.length;
    });
    eventsConsumed.inc({ consumer: this.name, outcome: 'done' }, heard.length - repeated);
    if (repeated > 0) eventsConsumed.inc({ consumer: this.name, outcome: 'repeated' }, repeated);
  }

  /** A span for each event, or one for all that are applied together, in the trace of the first. */
  async #hand(tx: Tx, handler: EventHandler, events: readonly CloudEvent<unknown>[]): Promise<void> {
    const isShared = handler.applyAll !== undefined && events.length > 1;
    for (const share of isShared ? [events] : events.map((event) => [event])) {
      const [first] = share;
      if (!first) continue;
      const apply = (): Promise<void> =>
        isShared && handler.applyAll ? handler.applyAll(tx, share) : handler.apply(tx, first);
      await inSpan(`${this.name} ${first.type}`, first.traceparent, apply, SpanKind.CONSUMER);
    }
  }

  async #applyAlone(heard: Heard, held: readonly Heard[], signal: AbortSignal): Promise<void> {
    for (let attempt = 1; !signal.aborted; attempt++) {
      try {
        await this.#inOneTransaction([heard]);
        return;
      } catch (error) {
        this.parts.log.warn(
          { err: error, event: heard.event.id, type: heard.event.type, attempt },
          'an event failed',
        );
        if (attempt >= tries && !isOutage(error)) {
          await this.#bury(heard.message, heard.event.type, errorCode(error), heard.event.id);
          return;
        }
        eventsConsumed.inc({ consumer: this.name, outcome: 'retried' });
        for (const { message } of held) message.working();
        const wait = backoff[Math.min(attempt, backoff.length) - 1] ?? 1_000;
        await delay(wait);
      }
    }
  }

  /** Keeps an event that cannot be applied, with its reason, for `erato events dead`. */
  async #bury(message: JsMsg, type: string, reason: string, id = 'unreadable'): Promise<void> {
    const about = natsHeaders();
    about.set('Erato-Subject', message.subject);
    about.set('Erato-Consumer', this.name);
    about.set('Erato-Tries', String(tries));
    about.set('Erato-Error', reason);
    await jetstream(this.parts.bus.connection).publish(`dead.${this.service}.${type}`, message.data, {
      headers: about,
      msgID: `${this.name}:${id}:${message.seq}`,
    });
    eventsConsumed.inc({ consumer: this.name, outcome: 'dead' });
    this.parts.log.error({ event: id, type, reason }, 'an event went to the dead letters');
  }

  #context(event?: CloudEvent<unknown>): WriteContext {
    return {
      actor: `service:${this.service}`,
      requestId: event?.requestid ?? crypto.randomUUID(),
      deadline: Date.now() + ackWaitMs,
      ...(event?.traceparent ? { traceparent: event.traceparent } : {}),
    };
  }
}

/** Events that one handler takes directly one after the other. */
function runsOf(heard: readonly Heard[]): [EventHandler, CloudEvent<unknown>[]][] {
  const runs: [EventHandler, CloudEvent<unknown>[]][] = [];
  for (const { handler, event } of heard) {
    const last = runs.at(-1);
    if (last?.[0] === handler) last[1].push(event);
    else runs.push([handler, [event]]);
  }
  return runs;
}

const consumerNotFound = 10_014;

function ifMissing(error: unknown): null {
  if (error instanceof JetStreamApiError && error.code === consumerNotFound) return null;
  throw error;
}

const errorCode = (error: unknown): string =>
  typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : 'error';

/** While the database or another service is away an event waits; it is not its fault. */
const isOutage = (error: unknown): boolean => ['unavailable', 'timeout'].includes(errorCode(error));
