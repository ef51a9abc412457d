import { Injectable } from '@nestjs/common';
import { jetstreamManager, type JetStreamManager, type StoredMsg } from '@nats-io/jetstream';
import type { ObjectRef } from '@erato/contracts/authz/object-description';
import { streamedEvents, type StreamedEvent } from '@erato/contracts/gateway/streamed-events';
import type { CloudEvent } from '@erato/contracts/kit/event';
import { unavailable } from '@erato/contracts/kit/failure';
import { Bus } from '@erato/platform/transport/bus';

const stream = 'EVENTS';
/** What streams tell comes from here; one subject, since a server of NATS 2.9 takes one. */
export const told = 'event.content.>';

/** An event as streams tell it, at its place in the log of all events. */
export interface LoggedEvent {
  readonly seq: number;
  readonly topics: readonly string[];
  readonly object: ObjectRef;
  /** Whether the object is gone after it. */
  readonly ends: boolean;
  /** The JSON that is told. */
  readonly data: string;
}

/** A place in the log with nothing to tell there. */
export interface Silence {
  readonly seq: number;
  readonly topics: readonly [];
}

const known: ReadonlyMap<string, StreamedEvent<never>> = new Map(
  streamedEvents.map((each) => [each.name, each]),
);

/**
 * The stream of events by its sequence: what Last-Event-ID counts. It is read message by message and without a consumer, so that
 * a gateway keeps nothing there, neither over a restart nor for a connection.
 */
@Injectable()
export class EventLog {
  #manager: Promise<JetStreamManager> | undefined;

  constructor(private readonly bus: Bus) {}

  /** The first and the last sequence that are there. */
  async bounds(): Promise<{ first: number; last: number }> {
    const { state } = await this.#guarded((manager) => manager.streams.info(stream));
    return { first: state.first_seq, last: state.last_seq };
  }

  /** What is told next after a sequence, or null at the end of the log. */
  async after(seq: number): Promise<LoggedEvent | Silence | null> {
    const found = await this.#guarded((manager) =>
      manager.direct.getMessage(stream, { seq: seq + 1, next_by_subj: told }),
    );
    return found ? toldOf(found) : null;
  }

  async #guarded<T>(work: (manager: JetStreamManager) => Promise<T>): Promise<T> {
    if (!this.bus.connected) throw unavailable({ detail: 'The stream of events is away.' });
    try {
      this.#manager ??= jetstreamManager(this.bus.connection, { timeout: 2_000, checkAPI: false });
      return await work(await this.#manager);
    } catch (cause) {
      this.#manager = undefined;
      throw unavailable({ detail: 'The stream of events is away.', cause });
    }
  }
}

function toldOf(message: StoredMsg): LoggedEvent | Silence {
  const { seq } = message;
  const streamed = known.get(message.subject.slice('event.'.length));
  if (!streamed) return { seq, topics: [] };
  const { id, type, time, subject, data } = message.json<CloudEvent<never>>();
  return {
    seq,
    topics: streamed.topics(data),
    object: streamed.object(data),
    ends: streamed.ends,
    data: JSON.stringify({ id, type, time, subject, data: streamed.facts(data) }),
  };
}
