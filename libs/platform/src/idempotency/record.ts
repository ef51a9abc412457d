import type { Once } from '@erato/contracts/kit/context';
import { statement } from '../database/statement.js';

/**
 * Records in a transaction that the request was carried out. A row that another try has left refuses it, by the NULL that no
 * `run` may be, and with it the transaction: so a request takes effect once, whoever tries it and when. Several transactions of
 * one try share the row, and one that is a day old counts no more.
 */
const insert = (values: string): string => `
  INSERT INTO kept_answers (name, asked, run) ${values}
  ON CONFLICT (name) DO UPDATE SET asked = EXCLUDED.asked, body = NULL, version = NULL, location = NULL, made_at = now(),
    run = CASE WHEN kept_answers.run = EXCLUDED.run OR kept_answers.made_at < now() - interval '24 hours' THEN EXCLUDED.run END`;
const alone = statement(insert('VALUES ($1, $2, $3)'));

export const recordOf = (once: Once): { name: string; text: string; values: string[] } => ({
  ...alone,
  values: recordValues(once),
});

/** The same within a statement, if what it depends on is so; its values are the parameters from that number on. */
export const recordPart = (from: number, condition: string): string =>
  insert(`SELECT $${from}::text, $${from + 1}::text, $${from + 2}::uuid WHERE ${condition}`);

export const recordValues = ({ name, asked, run }: Once): [string, string, string] => [name, asked, run];

/** Thrown where another try was there before; what it answered is to be given again. */
export class RanAlready extends Error {
  constructor() {
    super('the request was carried out by another try');
  }
}

/** Whether a statement of the transaction failed because another try had left its row. */
const isRanAlready = (error: unknown): boolean =>
  typeof error === 'object' &&
  error !== null &&
  'code' in error &&
  error.code === '23502' &&
  'table' in error &&
  error.table === 'kept_answers';

/** What a transaction that the database refused is to fail with. */
export function refused(reason: unknown, once: Once | undefined): unknown {
  if (!once || !isRanAlready(reason)) return reason;
  once.state = 'ran-already';
  return new RanAlready();
}
