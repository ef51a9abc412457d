import type { PrincipalOrganization, UserPrincipals } from '@erato/contracts/identity/principal';
import { statement } from '@erato/platform/database/statement';
import type { Tx } from '@erato/platform/database/tx';
import type { Ledger } from '../ledger/ledger.js';
import type { Reader } from '../object/object-rows.js';

/** By what a subject that is gone is known again: no name of anybody. */
function digestOf(type: string, id: string): string {
  return `sha256(convert_to(${type}::text || ':' || ${id}::text, 'UTF8'))`;
}

/** A membership as identity's event states it; `stated` is WorkOS' time of the change, which puts them in order. */
const setMembership = statement(`
  INSERT INTO principals (subject_type, subject_id, kind, principal_id, role_slug, active, stated_at)
  VALUES ('user', $1, 'organization', $2, $3, $4, $5)
  ON CONFLICT ON CONSTRAINT principals_pkey DO UPDATE
  SET role_slug = excluded.role_slug, active = excluded.active, stated_at = excluded.stated_at
  WHERE principals.stated_at IS NULL OR principals.stated_at < excluded.stated_at
    OR principals.stated_at = excluded.stated_at AND (principals.active OR NOT excluded.active)
  RETURNING 1`);
const membershipNow = statement(`
  SELECT active, role_slug FROM principals
  WHERE subject_type = 'user' AND subject_id = $1 AND kind = 'organization' AND principal_id = $2`);
const teamNow = statement(`
  SELECT active, coalesce(stated_at >= $3, false) AS later FROM principals
  WHERE subject_type = 'user' AND subject_id = $1 AND kind = 'team' AND principal_id = $2`);
const setTeam = statement(`
  INSERT INTO principals (subject_type, subject_id, kind, principal_id, active, stated_at)
  VALUES ('user', $1, 'team', $2, $3, $4)
  ON CONFLICT ON CONSTRAINT principals_pkey DO UPDATE SET active = excluded.active, stated_at = excluded.stated_at`);
const leaveTeamsOf = statement(`
  UPDATE principals SET active = false, stated_at = $3
  WHERE subject_type = 'user' AND subject_id = $1 AND kind = 'team' AND active
    AND (stated_at IS NULL OR stated_at <= $3)
    AND principal_id IN (SELECT id FROM subjects WHERE type = 'team' AND organization_id = $2)`);
const endPrincipal = statement(
  'DELETE FROM principals WHERE kind = $1 AND principal_id = $2 RETURNING subject_type, subject_id, active',
);
const endSubject = statement(
  'DELETE FROM principals WHERE subject_type = $1 AND subject_id = $2 RETURNING active',
);
const activeOf = statement(`
  SELECT subject_id, kind, principal_id, role_slug FROM principals
  WHERE subject_type = 'user' AND subject_id = ANY($1::text[]) AND kind IN ('team', 'organization') AND active`);
const know = statement(`
  INSERT INTO subjects (type, id, organization_id, home)
  SELECT * FROM unnest($1::text[], $2::text[], $3::text[], $4::boolean[]) AS w (type, id, organization_id, home)
  WHERE NOT EXISTS (SELECT FROM gone_subjects g WHERE g.digest = ${digestOf('w.type', 'w.id')})
  ON CONFLICT ON CONSTRAINT subjects_pkey DO UPDATE
  SET organization_id = excluded.organization_id, home = excluded.home OR subjects.home
  WHERE subjects.organization_id IS DISTINCT FROM excluded.organization_id OR excluded.home > subjects.home`);
/** Who is not known is asked about before anything is decided for him (fact/local-facts.ts). */
const forget = statement('DELETE FROM subjects WHERE type = $1 AND id = $2');
/** A trace stays, so that an event which comes late does not bring back what is gone. */
const bury = statement(
  `INSERT INTO gone_subjects (digest) VALUES (${digestOf('$1', '$2')}) ON CONFLICT ON CONSTRAINT gone_subjects_pkey DO NOTHING`,
);
const goneOf = statement(
  `SELECT 1 FROM gone_subjects WHERE digest IN (${digestOf(`'user'`, '$1')}, ${digestOf('$2', '$3')}) LIMIT 1`,
);
const knownOf = statement(
  'SELECT s.type, s.id FROM unnest($1::text[], $2::text[]) AS w (type, id) JOIN subjects s ON s.type = w.type AND s.id = w.id',
);

/** A subject that permissions can address. */
export interface KnownRef {
  readonly type: 'user' | 'team' | 'organization';
  readonly id: string;
  /** Of a team. */
  readonly organizationId?: string | null;
  readonly home?: boolean;
}

/** What a membership event says. */
export interface MembershipState {
  readonly userId: string;
  readonly organizationId: string;
  readonly roleSlug: string;
  readonly active: boolean;
  readonly stated: string;
  /** When identity said so: its teams are put in order by that. */
  readonly at: string;
}

/** Notes that these subjects exist; what was heard to be gone stays so. */
export async function knowSubjects(tx: Tx, subjects: readonly KnownRef[]): Promise<void> {
  if (subjects.length === 0) return;
  const each = [...new Map(subjects.map((ref) => [`${ref.type}:${ref.id}`, ref])).values()];
  each.sort((a, b) => (`${a.type}:${a.id}` < `${b.type}:${b.id}` ? -1 : 1));
  await tx.run(know, [
    each.map(({ type }) => type),
    each.map(({ id }) => id),
    each.map(({ organizationId }) => organizationId ?? null),
    each.map(({ home }) => home ?? false),
  ]);
}

/** Which of these exist, as far as is known here, as `type:id`. */
export async function knownSubjects(reader: Reader, refs: readonly KnownRef[]): Promise<Set<string>> {
  if (refs.length === 0) return new Set();
  const rows = await reader.rows<{ type: string; id: string }>(knownOf, [
    refs.map(({ type }) => type),
    refs.map(({ id }) => id),
  ]);
  return new Set(rows.map(({ type, id }) => `${type}:${id}`));
}

/** A membership begins, changes or ends; whoever leaves an organization leaves its teams. */
export async function membershipStated(tx: Tx, ledger: Ledger, state: MembershipState): Promise<void> {
  const { userId, organizationId, roleSlug, active, stated, at } = state;
  if (await tx.row(goneOf, [userId, 'organization', organizationId])) return;
  const before = await tx.row<{ active: boolean; role_slug: string }>(membershipNow, [
    userId,
    organizationId,
  ]);
  const taken = await tx.row(setMembership, [userId, organizationId, roleSlug, active, stated]);
  if (!taken) return;
  const left = active ? 0 : await tx.run(leaveTeamsOf, [userId, organizationId, at]);
  const wasActive = before?.active ?? false;
  const moved = wasActive !== active || (active && before?.role_slug !== roleSlug) || left > 0;
  if (moved) ledger.touch({ subject: { type: 'user', id: userId } });
}

/**
 * Somebody is in a team, or is no longer. What identity said later stands; but its replicas have clocks of their own, so where the two
 * differ it is asked.
 */
export async function teamStated(
  tx: Tx,
  ledger: Ledger,
  { userId, teamId, active, at }: { userId: string; teamId: string; active: boolean; at: string },
): Promise<void> {
  if (await tx.row(goneOf, [userId, 'team', teamId])) return;
  const before = await tx.row<{ active: boolean; later: boolean }>(teamNow, [userId, teamId, at]);
  const moved = (before?.active ?? false) !== active;
  if (!before?.later) await tx.run(setTeam, [userId, teamId, active, at]);
  else if (moved) await tx.run(forget, ['user', userId]);
  if (moved) ledger.touch({ subject: { type: 'user', id: userId } });
}

async function subjectGone(tx: Tx, type: KnownRef['type'], id: string): Promise<void> {
  await tx.run(forget, [type, id]);
  await tx.run(bury, [type, id]);
}

/** A team or organization is gone: nobody is a part of it any more. */
export async function principalGone(
  tx: Tx,
  ledger: Ledger,
  { kind, id }: { kind: 'team' | 'organization'; id: string },
): Promise<void> {
  const rows = await tx.rows<{ subject_type: 'user'; subject_id: string; active: boolean }>(endPrincipal, [
    kind,
    id,
  ]);
  for (const { subject_type: type, subject_id, active } of rows) {
    if (active) ledger.touch({ subject: { type, id: subject_id } });
  }
  await subjectGone(tx, kind, id);
}

/** A user is gone with all that he was a part of. */
export async function userGone(tx: Tx, ledger: Ledger, userId: string): Promise<void> {
  const rows = await tx.rows<{ active: boolean }>(endSubject, ['user', userId]);
  await subjectGone(tx, 'user', userId);
  if (rows.some(({ active }) => active)) ledger.touch({ subject: { type: 'user', id: userId } });
}

/** What users are a part of, as it is kept here. */
export async function principalsNow(
  reader: Reader,
  userIds: readonly string[],
): Promise<Map<string, { organizations: PrincipalOrganization[]; teamIds: string[] }>> {
  const now = new Map(
    userIds.map((id) => [id, { organizations: [] as PrincipalOrganization[], teamIds: [] as string[] }]),
  );
  const rows = await reader.rows<{
    subject_id: string;
    kind: string;
    principal_id: string;
    role_slug: string;
  }>(activeOf, [userIds]);
  for (const row of rows) {
    const own = now.get(row.subject_id);
    if (row.kind === 'team') own?.teamIds.push(row.principal_id);
    else own?.organizations.push({ organizationId: row.principal_id, roleSlug: row.role_slug });
  }
  return now;
}

/** Replaces what is kept of a user by what identity says now. An event that is still on its way settles it again. */
export async function replacePrincipals(tx: Tx, ledger: Ledger, stated: UserPrincipals): Promise<void> {
  const { userId } = stated;
  const own = (await principalsNow(tx, [userId])).get(userId);
  const teams = new Set(own?.teamIds);
  const roles = new Map(own?.organizations.map((each) => [each.organizationId, each.roleSlug]));
  for (const { organizationId, roleSlug } of stated.organizations) {
    if (roles.get(organizationId) !== roleSlug)
      await tx.run(adoptMembership, [userId, organizationId, roleSlug, true]);
    roles.delete(organizationId);
  }
  for (const [organizationId, roleSlug] of roles) {
    await tx.run(adoptMembership, [userId, organizationId, roleSlug, false]);
  }
  for (const teamId of stated.teamIds) {
    if (!teams.delete(teamId)) await tx.run(adoptTeam, [userId, teamId, true]);
  }
  for (const teamId of teams) await tx.run(adoptTeam, [userId, teamId, false]);
  ledger.touch({ subject: { type: 'user', id: userId } });
}

const adoptTeam = statement(`
  INSERT INTO principals (subject_type, subject_id, kind, principal_id, active) VALUES ('user', $1, 'team', $2, $3)
  ON CONFLICT ON CONSTRAINT principals_pkey DO UPDATE SET active = excluded.active`);
/** Without a time of its own: the next event, whatever its time, comes after it. */
const adoptMembership = statement(`
  INSERT INTO principals (subject_type, subject_id, kind, principal_id, role_slug, active)
  VALUES ('user', $1, 'organization', $2, $3, $4)
  ON CONFLICT ON CONSTRAINT principals_pkey DO UPDATE
  SET role_slug = excluded.role_slug, active = excluded.active`);
