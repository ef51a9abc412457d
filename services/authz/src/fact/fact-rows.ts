import type { QueryResultRow } from 'pg';
import type {
  FactAssignment,
  FactAudience,
  FactMembership,
  FactPermission,
  FetchedFacts,
  FetchFacts,
} from '@erato/contracts/authz/facts';
import { statement } from '@erato/platform/database/statement';
import { objectKey } from '@erato/policy/facts';
import type { Reader } from '../object/object-rows.js';

/**
 * One statement, so one state of the database, whose revision it tells. Rows that ended a minute ago are left to the
 * clock of the database; later ones to that of who decides. A membership's role is the one that stands from the start,
 * else the organization's own of that slug (authz.md).
 */
const find = statement(`
  SELECT
    (SELECT value FROM revision) AS revision,
    (SELECT json_agg(json_build_object('slug', a.slug, 'implies', a.implies) ORDER BY a.slug)
      FROM permission_actions a) AS actions,
    (SELECT json_agg(json_build_object('o', w.type || ':' || w.id, 'id', p.id, 'subjectType', p.subject_type,
        'subjectId', p.subject_id, 'action', p.action, 'value', p.value,
        'expiresAt', floor(extract(epoch FROM p.expires_at) * 1000)::bigint))
      FROM unnest($3::text[], $4::text[]) AS w (type, id)
      JOIN permissions p ON p.object_type = w.type AND p.object_id = w.id
      WHERE p.expires_at IS NULL OR p.expires_at > now() - interval '1 minute') AS permissions,
    (SELECT json_agg(json_build_object('o', w.type || ':' || w.id, 'id', s.id, 'roleId', r.id, 'roleSlug', r.slug,
        'grants', r.grants, 'subjectType', s.subject_type, 'subjectId', s.subject_id, 'isOwner', s.is_owner,
        'expiresAt', floor(extract(epoch FROM s.expires_at) * 1000)::bigint))
      FROM unnest($3::text[], $4::text[]) AS w (type, id)
      JOIN role_assignments s ON s.object_type = w.type AND s.object_id = w.id
      JOIN roles r ON r.id = s.role_id
      WHERE s.expires_at IS NULL OR s.expires_at > now() - interval '1 minute') AS assignments,
    (SELECT json_agg(json_build_object('s', w.type || ':' || w.id, 'kind', p.kind, 'id', p.principal_id,
        'roleSlug', p.role_slug, 'grants', coalesce(r.grants, c.grants)))
      FROM unnest($1::text[], $2::text[]) AS w (type, id)
      JOIN principals p ON p.subject_type = w.type AND p.subject_id = w.id AND p.active
      LEFT JOIN roles r ON r.scope_type = 'system' AND r.scope_id = 'organization' AND r.slug = p.role_slug
      LEFT JOIN roles c ON c.scope_type = 'organization' AND c.scope_id = p.principal_id AND c.slug = p.role_slug
        AND r.id IS NULL) AS principals,
    (SELECT json_agg(json_build_object('s', w.type || ':' || w.id, 'organizationId', k.organization_id, 'home',
        coalesce(o.home, false)))
      FROM unnest($1::text[], $2::text[]) AS w (type, id)
      JOIN subjects k ON k.type = w.type AND k.id = w.id
      LEFT JOIN subjects o ON o.type = 'organization' AND o.id = k.organization_id) AS known,
    (SELECT json_agg(json_build_object('s', w.type || ':' || w.id, 'type', o.owner_type, 'id', o.owner_id))
      FROM unnest($1::text[], $2::text[]) AS w (type, id)
      JOIN objects o ON w.type = 'workspace' AND o.type = 'workspace' AND o.id = w.id) AS owners`);

interface Row extends QueryResultRow {
  revision: string;
  actions: { slug: string; implies: string[] }[];
  permissions: (FactPermission & { o: string })[] | null;
  assignments: (FactAssignment & { o: string })[] | null;
  principals: Principal[] | null;
  known: { s: string; organizationId: string | null; home: boolean }[] | null;
  owners: { s: string; type: 'user' | 'organization' | null; id: string | null }[] | null;
}

interface Principal {
  s: string;
  kind: 'team' | 'organization' | 'follower' | 'subscriber';
  id: string;
  roleSlug: string | null;
  grants: FactMembership['grants'];
}

/** The facts, and which of the users, teams, organizations and workspaces among the subjects have ever been heard of, by key. */
export interface ReadFacts {
  readonly facts: FetchedFacts;
  readonly known: ReadonlySet<string>;
}

/** Reads principals and rows in one query. */
export async function readFacts(reader: Reader, { subjects, objects }: FetchFacts): Promise<ReadFacts> {
  const [row] = await reader.rows<Row>(find, [
    subjects.map(({ type }) => type),
    subjects.map(({ id }) => id),
    objects.map(({ type }) => type),
    objects.map(({ id }) => id),
  ]);
  if (!row) throw new Error('a query without a condition gives a row');
  const permissions = grouped(row.permissions, ({ o, ...each }) => [o, each]);
  const assignments = grouped(row.assignments, ({ o, ...each }) => [o, each]);
  const principals = grouped(row.principals, (each) => [each.s, each]);
  const known = new Map((row.known ?? []).map((each) => [each.s, each]));
  const owners = new Map((row.owners ?? []).map(({ s, type, id }) => [s, type && id ? { type, id } : null]));
  return {
    known: new Set([...known.keys(), ...owners.keys()]),
    facts: {
      revision: Number(row.revision),
      actions: row.actions,
      subjects: subjects.map(({ type, id }) => {
        const key = objectKey({ type, id });
        const own = principals.get(key) ?? [];
        const team = type === 'team' ? known.get(key) : undefined;
        return {
          type,
          id,
          ...(type === 'workspace' && { owner: owners.get(key) ?? null }),
          teams: own.filter(({ kind }) => kind === 'team').map((each) => each.id),
          organizations: team ? organizationOfTeam(team) : own.flatMap(membership),
          audiences: own.flatMap(audience),
        };
      }),
      objects: objects.map(({ type, id }) => ({
        type,
        id,
        permissions: permissions.get(objectKey({ type, id })) ?? [],
        assignments: assignments.get(objectKey({ type, id })) ?? [],
      })),
    },
  };
}

/** A team is read at the level of its organization too, without a member's role; home is no principal. */
function organizationOfTeam({ organizationId, home }: { organizationId: string | null; home: boolean }) {
  if (!organizationId || home) return [];
  return [{ id: organizationId, roleSlug: '', grants: null, isAdmin: false }];
}

function membership({ kind, id, roleSlug, grants }: Principal): FactMembership[] {
  if (kind !== 'organization') return [];
  return [{ id, roleSlug: roleSlug ?? '', grants, isAdmin: roleSlug === 'admin' }];
}

function audience({ kind, id }: Principal): FactAudience[] {
  return kind === 'follower' || kind === 'subscriber' ? [{ audience: kind, workspaceId: id }] : [];
}

function grouped<R, V>(rows: readonly R[] | null, split: (row: R) => [string, V]): Map<string, V[]> {
  const groups = new Map<string, V[]>();
  for (const row of rows ?? []) {
    const [key, value] = split(row);
    const group = groups.get(key);
    if (group) group.push(value);
    else groups.set(key, [value]);
  }
  return groups;
}
