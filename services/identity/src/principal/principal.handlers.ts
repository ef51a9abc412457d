import { validate } from 'uuid';
import type { Handlers } from '@erato/contracts/kit/call';
import {
  principals,
  type FetchPrincipals,
  type FindSubjects,
  type KnownSubject,
  type UserPrincipals,
} from '@erato/contracts/identity/principal';
import { Db } from '@erato/platform/database/db';
import { statement } from '@erato/platform/database/statement';
import { Serves } from '@erato/platform/transport/serves';

const fetchAll = statement(`
  SELECT u.id AS "userId",
    coalesce((
      SELECT json_agg(json_build_object('organizationId', m.organization_id, 'roleSlug', m.role_slug)
                      ORDER BY m.organization_id)
      FROM organization_memberships m LEFT JOIN organizations o ON o.workos_org_id = m.organization_id
      WHERE m.user_id = u.id AND m.status = 'active' AND o.home IS NOT TRUE), '[]') AS organizations,
    coalesce((SELECT array_agg(t.team_id::text ORDER BY t.team_id) FROM team_users t WHERE t.user_id = u.id), '{}')
      AS "teamIds"
  FROM users u WHERE u.id = ANY($1::text[]) AND u.deleted_at IS NULL
  ORDER BY u.id`);

const findAll = statement(`
  SELECT 'user' AS type, u.id, '' AS "organizationId", false AS home
  FROM users u WHERE u.id = ANY($1::text[]) AND u.deleted_at IS NULL
  UNION ALL
  SELECT 'organization', o.workos_org_id, o.workos_org_id, o.home
  FROM organizations o
  WHERE o.workos_org_id = ANY($2::text[]) AND (o.deleting_at IS NULL OR o.deleting_at < now() - interval '30 seconds')
  UNION ALL
  SELECT 'team', t.id::text, t.organization_id, false FROM teams t WHERE t.id = ANY($3::uuid[])`);

/** What authz and others ask about subjects (authz.md). The home organization is nobody's principal. */
@Serves(principals)
export class PrincipalHandlers implements Handlers<typeof principals> {
  constructor(private readonly db: Db) {}

  fetch({ userIds }: FetchPrincipals): Promise<UserPrincipals[]> {
    return this.db.rows<UserPrincipals & Record<string, unknown>>(fetchAll, [userIds]);
  }

  find({ subjects }: FindSubjects): Promise<KnownSubject[]> {
    const ids = (type: string): string[] =>
      subjects.filter((subject) => subject.type === type).map(({ id }) => id);
    return this.db.rows<KnownSubject & Record<string, unknown>>(findAll, [
      ids('user'),
      ids('organization'),
      ids('team').filter((id) => validate(id)),
    ]);
  }
}
