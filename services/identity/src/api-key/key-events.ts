import type { KeySubjectType } from '@erato/contracts/identity/api-key';
import { apiKeyChanged } from '@erato/contracts/identity/events';
import type { Tx } from '@erato/platform/database/tx';
import { statement, type Statement } from '@erato/platform/database/statement';

/** The keys that a condition names, and those made by them, and so on. */
const andTheirs = (condition: string, then: string): string => `
  WITH RECURSIVE concerned AS (
    SELECT k.id FROM api_keys k WHERE k.revoked_at IS NULL AND ${condition}
    UNION SELECT k.id FROM api_keys k JOIN concerned c ON k.parent_key_id = c.id WHERE k.revoked_at IS NULL
  ) ${then}`;
const revoke = `UPDATE api_keys SET revoked_at = now(), updated_at = now(), version = version + 1
  WHERE id IN (SELECT id FROM concerned) RETURNING id`;

const one = statement(andTheirs('k.id = $1', revoke));
const changed = statement(andTheirs('k.id = $1', 'SELECT id FROM concerned'));
const ofSubject = statement(
  andTheirs(
    '(k.subject_type = $1 AND k.subject_id = $2) OR (k.created_by_type = $1 AND k.created_by = $2)',
    revoke,
  ),
);
const ofRight = statement(
  andTheirs(
    `(k.created_by_type = 'user' AND k.created_by = $1
      AND (k.made_as = 'admin' OR 'admin' = ANY(k.scopes)
        OR (k.made_as = 'manager' AND k.subject_type = 'organization' AND k.subject_id = $2))
      OR k.id IN (SELECT r.key_id FROM retired_secrets r WHERE r.created_by_type = 'user' AND r.created_by = $1))`,
    'SELECT id FROM concerned',
  ),
);

async function tell(tx: Tx, which: Statement, values: readonly unknown[]): Promise<void> {
  for (const { id } of await tx.rows<{ id: string }>(which, values))
    tx.emit(apiKeyChanged, id, { keyId: id });
}

/** Ends a key, and with it every key that it made. */
export const revokeKey = (tx: Tx, keyId: string): Promise<void> => tell(tx, one, [keyId]);

/** Ends the keys of a subject that is gone or has another owner, and those that it made for others. */
export const revokeKeysOf = (tx: Tx, type: KeySubjectType, id: string): Promise<void> =>
  tell(tx, ofSubject, [type, id]);

const forgetNames = statement(`
  UPDATE api_keys SET name = 'deleted' WHERE subject_type = 'user' AND subject_id = $1 AND name <> 'deleted'`);

/** What a user called his keys goes with him. */
export const forgetKeyNames = (tx: Tx, userId: string): Promise<number> => tx.run(forgetNames, [userId]);

/** A key was narrowed: those that it made are narrowed with it, and whoever knows them must ask again. */
export const keyChanged = (tx: Tx, keyId: string): Promise<void> => tell(tx, changed, [keyId]);

/**
 * A membership changed: the keys that rest on it may have ended with it, so that nobody keeps what he knew of them. What
 * they are worth is decided when they are asked for.
 */
export const rightMayHaveEnded = (tx: Tx, userId: string, organizationId: string): Promise<void> =>
  tell(tx, ofRight, [userId, organizationId]);
