import { Injectable } from '@nestjs/common';
import { v7 } from 'uuid';
import type { Caller, Ceiling, Context } from '@erato/contracts/kit/context';
import {
  invalidField,
  notFound,
  permissionDenied,
  scopeMissing,
  unauthenticated,
} from '@erato/contracts/kit/failure';
import { apiKeyChanged } from '@erato/contracts/identity/events';
import { tooManyKeys, type CreateApiKey, type NewApiKey } from '@erato/contracts/identity/api-key';
import { keyHash, keyPrefix, makeKey } from '@erato/contracts/identity/key-format';
import { Db } from '@erato/platform/database/db';
import type { Tx } from '@erato/platform/database/tx';
import { statement } from '@erato/platform/database/statement';
import { ApiKeyEntity } from './api-key.entity.js';
import { apiKeyView } from './api-key-view.js';
import { KeyRights } from './key-right.js';
import { isWithin, scopesWithin } from './narrower.js';

const most = 200;
const countOf = statement(`
  SELECT count(*)::integer AS keys FROM api_keys
  WHERE subject_type = $1 AND subject_id = $2 AND revoked_at IS NULL`);

/** Makes a key. The secret is in the answer and nowhere else: what is kept is its hash. */
@Injectable()
export class CreateKeyWrite {
  constructor(
    private readonly db: Db,
    private readonly rights: KeyRights,
  ) {}

  async run(input: CreateApiKey, context: Context): Promise<NewApiKey> {
    const { caller } = context;
    const { subjectType, subjectId, scopes } = input;
    if (caller.subjectType === 'guest') throw unauthenticated();
    const maker = { createdBy: caller.subjectId, createdByType: caller.subjectType };
    if (!scopesWithin(scopes, caller.scopes)) {
      throw scopeMissing({ detail: 'A key never gets a scope that its maker lacks.' });
    }
    const madeAs = await this.rights.of(context, subjectType, subjectId);
    const secret = makeKey();
    return this.db.transaction(context, async (tx) => {
      await tx.exclusive(`api-keys ${subjectType}:${subjectId}`);
      const there = await tx.row<{ keys: number }>(countOf, [subjectType, subjectId]);
      if ((there?.keys ?? 0) >= most) throw tooManyKeys();
      const parent = await parentOf(tx, caller);
      const now = new Date();
      const key = {
        id: v7(),
        name: input.name.trim(),
        prefix: keyPrefix(secret),
        subjectType,
        subjectId,
        scopes: [...scopes],
        permissions: ceilingOf(input, caller, parent),
        ...maker,
        madeAs,
        parentKeyId: parent?.id ?? null,
        installation: false,
        version: 1,
        createdAt: now,
        updatedAt: now,
        expiresAt: expiryOf(input.expiresAt, parent?.expiresAt ?? null),
        lastUsedAt: null,
        revokedAt: null,
      };
      await tx.insert(ApiKeyEntity, { ...key, keyHash: keyHash(secret) });
      tx.emit(apiKeyChanged, key.id, { keyId: key.id });
      return { ...apiKeyView(key), secret };
    });
  }
}

/** The key with which the caller makes one; held, so that it cannot end meanwhile and leave the new one alive. */
async function parentOf(tx: Tx, { keyId }: Caller): Promise<ApiKeyEntity | null> {
  if (keyId === undefined) return null;
  const parent = await tx.lock(ApiKeyEntity, { id: keyId });
  if (!parent || parent.revokedAt)
    throw notFound({ detail: 'The key that you use is not in force any more.' });
  return parent;
}

function ceilingOf(
  { permissions }: CreateApiKey,
  caller: Caller,
  parent: ApiKeyEntity | null,
): Ceiling | null {
  const inherited = caller.ceiling ?? parent?.permissions ?? null;
  if (permissions === undefined || permissions === null) return inherited;
  if (isWithin(permissions, inherited)) return permissions;
  throw permissionDenied({ detail: 'A key made by a key may do no more than that one.' });
}

/** The end that was asked for, or the maker's if that comes earlier. */
export function expiryOf(asked: string | null | undefined, inherited: Date | null): Date | null {
  const end = asked ? new Date(asked) : null;
  if (end && end.getTime() <= Date.now()) throw invalidField('expiresAt', 'in_the_past', 'must lie ahead');
  if (!end || !inherited) return end ?? inherited;
  return end < inherited ? end : inherited;
}
