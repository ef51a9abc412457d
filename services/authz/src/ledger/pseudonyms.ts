import { statement } from '@erato/platform/database/statement';
import type { Tx } from '@erato/platform/database/tx';
import type { Reader } from '../object/object-rows.js';

/** The random part keeps a pseudonym from being guessed back; what it is called tells what is left when its meaning is gone. */
const give = statement(`
  WITH named AS (SELECT DISTINCT unnest($1::text[]) AS user_id),
  given AS (
    INSERT INTO pseudonyms (user_id, pseudonym)
    SELECT user_id, 'deleted_' || replace(gen_random_uuid()::text, '-', '') FROM named
    ON CONFLICT ON CONSTRAINT pseudonyms_pkey DO NOTHING
    RETURNING user_id, pseudonym)
  SELECT user_id, pseudonym FROM given
  UNION SELECT p.user_id, p.pseudonym FROM named n JOIN pseudonyms p ON p.user_id = n.user_id`);
const meanings = statement('SELECT user_id, pseudonym FROM pseudonyms WHERE pseudonym = ANY ($1::text[])');
const ofUser = statement('SELECT pseudonym FROM pseudonyms WHERE user_id = $1');
const forget = statement('DELETE FROM pseudonyms WHERE user_id = $1');

interface Given {
  user_id: string;
  pseudonym: string;
}

/** The pseudonyms under which the trail names these users, made where there are none yet. Under an open ledger alone. */
export async function pseudonymsOf(tx: Tx, userIds: readonly string[]): Promise<ReadonlyMap<string, string>> {
  if (userIds.length === 0) return new Map();
  const rows = await tx.rows<Given>(give, [userIds]);
  return new Map(rows.map((row) => [row.user_id, row.pseudonym]));
}

/** Whom pseudonyms mean; those of erased users mean nobody. */
export async function meaningsOf(
  reader: Reader,
  pseudonyms: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  if (pseudonyms.length === 0) return new Map();
  const rows = await reader.rows<Given>(meanings, [pseudonyms]);
  return new Map(rows.map((row) => [row.pseudonym, row.user_id]));
}

/** The pseudonym of a user who has one. */
export async function pseudonymOf(reader: Reader, userId: string): Promise<string | undefined> {
  return (await reader.rows<{ pseudonym: string }>(ofUser, [userId]))[0]?.pseudonym;
}

/** From here on the trail says of this user only that it was always the same one. */
export async function forgetPseudonym(tx: Tx, userId: string): Promise<void> {
  await tx.run(forget, [userId]);
}

/** The user who stands first in an actor: `user:<id> key:<id> as:<workspace>`. */
export function userIn(actor: string): string | undefined {
  return /^user:(\S+)/.exec(actor)?.[1];
}

/** The same actor with another name of that user. */
export function withUser(actor: string, names: ReadonlyMap<string, string>): string {
  const user = userIn(actor);
  const name = user === undefined ? undefined : names.get(user);
  return name === undefined ? actor : actor.replace(/^user:\S+/, `user:${name}`);
}

type Facts = Readonly<Record<string, unknown>>;

/** The user whom a row that is told of addresses. */
export function subjectIn(facts: Facts | null): string | undefined {
  return facts?.['subjectType'] === 'user' && typeof facts['subjectId'] === 'string'
    ? facts['subjectId']
    : undefined;
}

/** What is told of a row, with another name of the user whom it addresses. */
export function withSubject(facts: Facts | null, names: ReadonlyMap<string, string>): Facts | null {
  const user = subjectIn(facts);
  const name = user === undefined ? undefined : names.get(user);
  return name === undefined ? facts : { ...facts, subjectId: name };
}
