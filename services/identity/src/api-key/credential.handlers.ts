import { Inject } from '@nestjs/common';
import type { Handlers } from '@erato/contracts/kit/call';
import {
  credentials,
  type ResolvedKey,
  type ResolvedSession,
  type ResolveKey,
  type ResolveSession,
} from '@erato/contracts/identity/credential';
import { Db } from '@erato/platform/database/db';
import { statement } from '@erato/platform/database/statement';
import { Serves } from '@erato/platform/transport/serves';
import { IDENTITY_CONFIG, type IdentityConfig } from '../config.js';
import { LastUsed } from './last-used.js';
import { KeyResolver } from './resolve-key.js';

/** A user of whom nothing was heard yet signed up a moment ago. */
const standing = statement(`
  SELECT EXISTS (SELECT 1 FROM revoked_sessions WHERE session_id = $1)
      OR EXISTS (SELECT 1 FROM users WHERE id = $2 AND deleted_at IS NOT NULL) AS ended,
    EXISTS (SELECT 1 FROM organization_memberships m JOIN organizations o ON o.workos_org_id = m.organization_id
      WHERE m.user_id = $2 AND m.organization_id = $3 AND m.role_slug = $4 AND m.status = 'active' AND o.home) AS administers`);

@Serves(credentials)
export class CredentialHandlers implements Handlers<typeof credentials> {
  constructor(
    private readonly db: Db,
    private readonly keys: KeyResolver,
    private readonly lastUsed: LastUsed,
    @Inject(IDENTITY_CONFIG) private readonly config: IdentityConfig,
  ) {}

  async key({ keyHash }: ResolveKey): Promise<ResolvedKey> {
    const resolved = await this.keys.resolve(keyHash);
    if (resolved.keyId) this.lastUsed.note(resolved.keyId);
    return resolved;
  }

  async session({ sessionId, userId, organizationId, role }: ResolveSession): Promise<ResolvedSession> {
    const { adminRole } = this.config;
    const row = await this.db.row<{ ended: boolean; administers: boolean }>(standing, [
      sessionId,
      userId,
      organizationId ?? '',
      adminRole ?? '',
    ]);
    // NOTE: a token tells the role of when it was made; who was demoted since administers no more.
    const admin = adminRole !== null && role === adminRole && row?.administers === true;
    return { active: row?.ended === false, admin };
  }
}
