import { outboxPart } from '../events/outbox.js';
import { recordPart } from '../idempotency/record.js';
import { statement, type Statement } from './statement.js';

/** A statement that writes, in its parts, so that its transaction's own writes can stand among them. */
export interface Writing {
  /** Of its WITH, a comma between them: `name AS (…)`. Whether anything was written is whether the part `made` gives a row. */
  readonly parts: string;
  /** What it gives: `SELECT … FROM made`. */
  readonly result: string;
  /** How many parameters it has. */
  readonly parameters: number;
}

/** By itself, for a transaction with more in it. */
export const ofTransaction = ({ parts, result }: Writing): Statement => statement(`WITH ${parts} ${result}`);

/** As a transaction of its own: with its events and, where it is to take effect once, the record of its request. */
export function asTransaction({ parts, result, parameters }: Writing, isOnce: boolean): Statement {
  const condition = 'EXISTS (SELECT FROM made)';
  const told = `, told AS (${outboxPart(parameters + 1, condition)})`;
  const recorded = isOnce ? `, recorded AS (${recordPart(parameters + 4, condition)})` : '';
  return statement(`WITH ${parts}${told}${recorded} ${result}`);
}
