import { timingSafeEqual } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import type { Ceiling } from '@erato/contracts/kit/context';
import { holdsScope, type Scope } from '@erato/contracts/kit/context';
import type { ResolvedKey } from '@erato/contracts/identity/credential';
import { Db } from '@erato/platform/database/db';
import { statement } from '@erato/platform/database/statement';
import { IDENTITY_CONFIG, type IdentityConfig } from '../config.js';
import type { ApiKeyEntity } from './api-key.entity.js';
import { KeyRights } from './key-right.js';
import { narrowerOf } from './narrower.js';

const facts = 'id, parent_key_id, subject_type, subject_id, scopes, permissions, revoked_at';
const of = (alias: string): string =>
  facts
    .split(', ')
    .map((column) => `${alias}.${column}`)
    .join(', ');

/**
 * A key, the key that made it, and so on, each with what its right to be rests on. A secret that was rotated away is the
 * key for the rest of its grace, and rests on whose it was then.
 */
const chainOf = statement(`
  WITH RECURSIVE chain AS (
    (SELECT ${of('k')}, k.key_hash, k.created_by, k.created_by_type, k.made_as, k.expires_at, 1 AS depth
     FROM api_keys k WHERE k.key_hash = $1
     UNION ALL
     SELECT ${of('k')}, r.key_hash, r.created_by, r.created_by_type, r.made_as, least(k.expires_at, r.expires_at), 1
     FROM retired_secrets r JOIN api_keys k ON k.id = r.key_id WHERE r.key_hash = $1)
    UNION ALL
    SELECT ${of('p')}, p.key_hash, p.created_by, p.created_by_type, p.made_as, p.expires_at, c.depth + 1
    FROM api_keys p JOIN chain c ON p.id = c.parent_key_id
  )
  SELECT k.id, k.key_hash AS "keyHash", k.subject_type AS "subjectType", k.subject_id AS "subjectId", k.scopes,
    k.permissions, k.created_by AS "createdBy", k.created_by_type AS "createdByType", k.made_as AS "madeAs",
    k.expires_at AS "expiresAt",
    k.revoked_at IS NULL AND (k.expires_at IS NULL OR k.expires_at > now()) AS alive,
    CASE k.subject_type
      WHEN 'user' THEN EXISTS (SELECT 1 FROM users u WHERE u.id = k.subject_id AND u.deleted_at IS NULL)
      WHEN 'organization' THEN EXISTS (SELECT 1 FROM organizations o WHERE o.workos_org_id = k.subject_id)
      ELSE true END AS "subjectThere",
    EXISTS (SELECT 1 FROM organization_memberships m JOIN organizations o ON o.workos_org_id = m.organization_id
      WHERE m.user_id = k.created_by AND m.organization_id = k.subject_id AND m.role_slug = 'admin'
        AND m.status = 'active' AND NOT o.home) AS manages,
    k.created_by_type = 'user' AND EXISTS (
      SELECT 1 FROM organization_memberships m JOIN organizations o ON o.workos_org_id = m.organization_id
      WHERE m.user_id = k.created_by AND m.role_slug = $2 AND m.status = 'active' AND o.home) AS administers
  FROM chain k ORDER BY depth`);

type Link = Pick<
  ApiKeyEntity,
  | 'id'
  | 'keyHash'
  | 'subjectType'
  | 'subjectId'
  | 'scopes'
  | 'permissions'
  | 'createdBy'
  | 'createdByType'
  | 'madeAs'
  | 'expiresAt'
> & { alive: boolean; subjectThere: boolean; manages: boolean; administers: boolean };

const none: ResolvedKey = { keyId: null };

/**
 * The caller behind a key that is in force: not revoked, not expired, its subject there, its maker's right to it still
 * his, and all of that for the key that made it too. What it may is what each of them may (identity.md, Routes).
 */
@Injectable()
export class KeyResolver {
  constructor(
    private readonly db: Db,
    private readonly rights: KeyRights,
    @Inject(IDENTITY_CONFIG) private readonly config: IdentityConfig,
  ) {}

  async resolve(keyHash: string): Promise<ResolvedKey> {
    const chain = await this.db.rows<Link & Record<string, unknown>>(chainOf, [
      keyHash,
      this.config.adminRole ?? '',
    ]);
    const [key] = chain;
    const root = chain.at(-1);
    if (!key || !root || !sameHash(key.keyHash, keyHash)) return none;
    const fromAdministrator = root.madeAs === 'installation' || root.administers;
    for (const link of chain) if (!(await this.#inForce(link, fromAdministrator))) return none;
    const ceiling = narrowest(chain);
    if (ceiling === undefined) return none;
    return {
      keyId: key.id,
      subjectType: key.subjectType,
      subjectId: key.subjectId,
      scopes: commonScopes(chain, fromAdministrator),
      ceiling,
      expiresAt: earliest(chain)?.toISOString() ?? null,
      restsOn: [...new Set(chain.filter(isByAuthorization).map(({ createdBy }) => createdBy))],
    };
  }

  async #inForce(link: Link, fromAdministrator: boolean): Promise<boolean> {
    if (!link.alive || !link.subjectThere) return false;
    const elsewhere = isElsewhere(link);
    const subject = { type: link.subjectType, id: link.subjectId };
    switch (link.madeAs) {
      case 'installation':
        return true;
      case 'admin':
        return fromAdministrator && (!elsewhere || (await this.rights.stillHolds(subject, null)));
      case 'self':
        return !elsewhere || (await this.rights.stillHolds(subject, null));
      case 'manager':
        return elsewhere
          ? this.rights.stillHolds(subject, { type: link.createdByType, id: link.createdBy })
          : link.manages;
    }
  }
}

/** Whether the subject is another service's, which decides who administers it. */
const isElsewhere = ({ subjectType }: Link): boolean =>
  subjectType === 'workspace' || subjectType === 'harbor';

const isByAuthorization = (link: Link): boolean => link.madeAs === 'manager' && isElsewhere(link);

/** Both are digests of the same length; compared in constant time beside the index (identity.md, API keys). */
const sameHash = (one: string, other: string): boolean =>
  one.length === other.length && timingSafeEqual(Buffer.from(one), Buffer.from(other));

function narrowest(chain: readonly Link[]): Ceiling | null | undefined {
  let ceiling: Ceiling | null | undefined = null;
  for (const { permissions } of chain) {
    if (ceiling !== undefined) ceiling = narrowerOf(ceiling, permissions);
  }
  return ceiling;
}

function commonScopes(chain: readonly Link[], fromAdministrator: boolean): string[] {
  const held = chain[0]?.scopes ?? [];
  return held.filter(
    (scope) =>
      (scope !== 'admin' || fromAdministrator) &&
      chain.every((link) => holdsScope(link.scopes, scope as Scope)),
  );
}

function earliest(chain: readonly Link[]): Date | null {
  const ends = chain.flatMap(({ expiresAt }) => (expiresAt ? [expiresAt.getTime()] : []));
  return ends.length > 0 ? new Date(Math.min(...ends)) : null;
}
