import { Injectable } from '@nestjs/common';
import type { Context } from '@erato/contracts/kit/context';
import { notFound } from '@erato/contracts/kit/failure';
import {
  onlyNarrower,
  type ApiKey,
  type DeleteApiKey,
  type UpdateApiKey,
} from '@erato/contracts/identity/api-key';
import { Db } from '@erato/platform/database/db';
import type { Tx } from '@erato/platform/database/tx';
import { requireVersion } from '@erato/platform/patch/if-match';
import { changedFields } from '../patch.js';
import { ApiKeyEntity } from './api-key.entity.js';
import { ApiKeyReads } from './api-key.reads.js';
import { apiKeyView } from './api-key-view.js';
import { expiryOf } from './create-key.js';
import { keyChanged, revokeKey } from './key-events.js';
import { isWithin, scopesWithin } from './narrower.js';

/** Renames, narrows and ends keys. */
@Injectable()
export class KeyChanges {
  constructor(
    private readonly db: Db,
    private readonly reads: ApiKeyReads,
  ) {}

  async update(input: UpdateApiKey, context: Context): Promise<ApiKey> {
    await this.reads.require(context, input.id);
    return this.db.transaction(context, async (tx) => {
      const current = await this.#lock(tx, input.id, context);
      const changed = changedFields<ApiKeyEntity>(current, narrowed(current, input));
      if (Object.keys(changed).length === 0) return apiKeyView(current);
      const set = { ...changed, version: current.version + 1, updatedAt: new Date() };
      await tx.update(ApiKeyEntity, { id: current.id }, set);
      await keyChanged(tx, current.id);
      return apiKeyView(Object.assign(current, set));
    });
  }

  async delete({ id }: DeleteApiKey, context: Context): Promise<void> {
    await this.reads.require(context, id);
    await this.db.transaction(context, async (tx) => {
      await this.#lock(tx, id, context);
      await revokeKey(tx, id);
    });
  }

  async #lock(tx: Tx, id: string, context: Context): Promise<ApiKeyEntity> {
    const current = await tx.lock(ApiKeyEntity, { id });
    if (!current || current.revokedAt) throw notFound();
    requireVersion(context, current);
    return current;
  }
}

function narrowed(current: ApiKeyEntity, input: UpdateApiKey): Partial<ApiKeyEntity> {
  const { name, scopes, permissions, expiresAt } = input;
  if (scopes && !scopesWithin(scopes, current.scopes)) {
    throw onlyNarrower({ detail: 'A scope would be added.' });
  }
  if (permissions !== undefined && !isWithin(permissions, current.permissions)) {
    throw onlyNarrower({ detail: 'The ceiling would allow more.' });
  }
  const later = current.expiresAt && (!expiresAt || new Date(expiresAt) > current.expiresAt);
  if (expiresAt !== undefined && later) throw onlyNarrower({ detail: 'The key would live longer.' });
  return {
    ...(name === undefined ? {} : { name: name.trim() }),
    ...(scopes === undefined ? {} : { scopes }),
    ...(permissions === undefined ? {} : { permissions }),
    ...(expiresAt === undefined ? {} : { expiresAt: expiryOf(expiresAt, null) }),
  };
}
