import { tooManySecrets } from '@erato/contracts/identity/api-key';
import { statement } from '@erato/platform/database/statement';
import type { Tx } from '@erato/platform/database/tx';
import type { ApiKeyEntity } from './api-key.entity.js';

const most = 5;

const shorten = statement(`
  UPDATE retired_secrets SET expires_at = least(expires_at, now() + make_interval(secs => $2)) WHERE key_id = $1`);
const dropAll = statement('DELETE FROM retired_secrets WHERE key_id = $1');
const dropOver = statement('DELETE FROM retired_secrets WHERE key_id = $1 AND expires_at <= now()');
const countOf = statement('SELECT count(*)::integer AS secrets FROM retired_secrets WHERE key_id = $1');
const keep = statement(`
  INSERT INTO retired_secrets (key_hash, key_id, created_by, created_by_type, made_as, expires_at)
  VALUES ($1, $2, $3, $4, $5, now() + make_interval(secs => $6))`);

/** Those that are over; for the one process that leads. */
export const forgetRetiredSecrets = statement('DELETE FROM retired_secrets WHERE expires_at <= now()');

/**
 * Takes a key's secret out of use: after its grace, and with it at the latest those that were retired before, so that a
 * rotation without grace leaves the new secret alone in force. The caller holds the key.
 */
export async function retireSecret(tx: Tx, key: ApiKeyEntity, graceSeconds: number): Promise<void> {
  if (graceSeconds === 0) {
    await tx.run(dropAll, [key.id]);
    return;
  }
  await tx.run(dropOver, [key.id]);
  await tx.run(shorten, [key.id, graceSeconds]);
  const there = await tx.row<{ secrets: number }>(countOf, [key.id]);
  if ((there?.secrets ?? 0) >= most) throw tooManySecrets();
  await tx.run(keep, [key.keyHash, key.id, key.createdBy, key.createdByType, key.madeAs, graceSeconds]);
}
