import { Injectable } from '@nestjs/common';
import type { Caller, Context } from '@erato/contracts/kit/context';
import { notFound, permissionDenied, scopeMissing } from '@erato/contracts/kit/failure';
import { keyExpired, type NewApiKey, type RotateApiKey } from '@erato/contracts/identity/api-key';
import { keyHash, keyPrefix, makeKey } from '@erato/contracts/identity/key-format';
import { Db } from '@erato/platform/database/db';
import { statement } from '@erato/platform/database/statement';
import type { Tx } from '@erato/platform/database/tx';
import { requireVersion } from '@erato/platform/patch/if-match';
import { isAdministrator } from '../access.js';
import { ApiKeyEntity } from './api-key.entity.js';
import { ApiKeyReads } from './api-key.reads.js';
import { apiKeyView } from './api-key-view.js';
import { keyChanged } from './key-events.js';
import { KeyRights } from './key-right.js';
import { isWithin, scopesWithin } from './narrower.js';
import { retireSecret } from './retired-secret.js';

const isMadeBy = statement(`
  WITH RECURSIVE makers AS (
    SELECT parent_key_id AS id FROM api_keys WHERE id = $1
    UNION SELECT k.parent_key_id FROM api_keys k JOIN makers m ON k.id = m.id
  ) SELECT 1 FROM makers WHERE id = $2`);

/**
 * Gives a key a new secret, and the old one its grace. Whoever learns the secret can do what the key can, for as long as it
 * lives: so he must hold all of it himself, and the key's life must rest on his.
 */
@Injectable()
export class RotateKeyWrite {
  constructor(
    private readonly db: Db,
    private readonly reads: ApiKeyReads,
    private readonly rights: KeyRights,
  ) {}

  async run({ id, graceSeconds = 0 }: RotateApiKey, context: Context): Promise<NewApiKey> {
    const { caller } = context;
    const { subjectType, subjectId } = await this.reads.require(context, id);
    const basis =
      caller.keyId === undefined && caller.subjectType !== 'guest'
        ? {
            createdBy: caller.subjectId,
            createdByType: caller.subjectType,
            madeAs: await this.rights.of(context, subjectType, subjectId),
          }
        : {};
    const secret = makeKey();
    return this.db.transaction(context, async (tx) => {
      const key = await tx.lock(ApiKeyEntity, { id });
      if (!key || key.revokedAt) throw notFound();
      requireVersion(context, key);
      if (key.expiresAt && key.expiresAt.getTime() <= Date.now()) throw keyExpired();
      await requireAllOf(tx, caller, key);
      await retireSecret(tx, key, graceSeconds);
      const rotated: ApiKeyEntity = {
        ...key,
        ...basis,
        prefix: keyPrefix(secret),
        keyHash: keyHash(secret),
        version: key.version + 1,
        updatedAt: new Date(),
      };
      await tx.update(ApiKeyEntity, { id }, rotated);
      await keyChanged(tx, id);
      return { ...apiKeyView(rotated), secret };
    });
  }
}

/** Refuses who does not hold all that the key may do; and a key that neither is this one nor made it, which this one would outlive. */
async function requireAllOf(tx: Tx, caller: Caller, key: ApiKeyEntity): Promise<void> {
  if (caller.keyId === key.id) return;
  if (!scopesWithin(key.scopes, caller.scopes)) {
    throw scopeMissing({ detail: 'Who rotates a key must hold its scopes.' });
  }
  if (!isWithin(key.permissions, caller.ceiling ?? null)) {
    throw permissionDenied({ detail: 'The key may do more than you.' });
  }
  if (caller.keyId === undefined || isAdministrator(caller)) return;
  if (!(await tx.row(isMadeBy, [key.id, caller.keyId]))) {
    throw permissionDenied({ detail: 'A key rotates itself and those that it made.' });
  }
}
