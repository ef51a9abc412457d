import { v7 as uuidv7 } from 'uuid';
import type { CloudEvent, EventType } from '@erato/contracts/kit/event';
import type { WriteContext } from '../database/write-context.js';
import { statement } from '../database/statement.js';
import { validatorFor } from '../transport/validator.js';

/** An event on its way from a transaction to the stream. */
export interface OutboxRow {
  readonly id: string;
  readonly subject: string;
  readonly body: string;
}

/** States a fact, to be published if and only if what it is of commits. `subject` is the id of what it is about. */
export type Emit = <T>(event: EventType<T>, subject: string, body: T) => void;

/** Makes the row, and refuses a body that does not fit the event's class: that is a fault of ours, found before it spreads. */
export function outboxRow<T>(event: EventType<T>, about: string, data: T, context: WriteContext): OutboxRow {
  validatorFor(event.body)(data);
  const id = uuidv7();
  const body: CloudEvent<T> = {
    specversion: '1.0',
    id,
    source: `/erato/${event.name.slice(0, event.name.indexOf('.'))}`,
    type: event.name,
    subject: about,
    time: new Date().toISOString(),
    datacontenttype: 'application/json',
    eventversion: event.version,
    actor: context.actor,
    requestid: context.requestId,
    ...(context.traceparent ? { traceparent: context.traceparent } : {}),
    data,
  };
  return { id, subject: event.subject, body: JSON.stringify(body) };
}

const insert = (from: number): string =>
  `INSERT INTO outbox (id, subject, body) SELECT e.* FROM unnest($${from}::uuid[], $${from + 1}::text[], $${from + 2}::jsonb[]) e`;
const alone = statement(insert(1));

/** One statement for all events of a transaction; rows get their numbers in the order of emission. */
export const outboxInsert = (
  rows: readonly OutboxRow[],
): { name: string; text: string; values: unknown[] } => ({ ...alone, values: outboxValues(rows) });

/** The same within a statement, if what it depends on is so; its values are the parameters from that number on. */
export const outboxPart = (from: number, condition: string): string => `${insert(from)} WHERE ${condition}`;

export const outboxValues = (rows: readonly OutboxRow[]): [string[], string[], string[]] => [
  rows.map((row) => row.id),
  rows.map((row) => row.subject),
  rows.map((row) => row.body),
];
