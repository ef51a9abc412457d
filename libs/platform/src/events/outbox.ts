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

const insert = statement(
  'INSERT INTO outbox (id, subject, body) SELECT * FROM unnest($1::uuid[], $2::text[], $3::jsonb[])',
);

/** One statement for all events of a transaction; rows get their numbers in the order of emission. */
export function outboxInsert(rows: readonly OutboxRow[]): { name: string; text: string; values: unknown[] } {
  return {
    ...insert,
    values: [rows.map((row) => row.id), rows.map((row) => row.subject), rows.map((row) => row.body)],
  };
}
