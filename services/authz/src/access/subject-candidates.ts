import type { Db } from '@erato/platform/database/db';
import { statement } from '@erato/platform/database/statement';
import type { DecisionInput } from '@erato/policy/decide';
import type { ObjectRef } from '@erato/policy/facts';
import type { Position } from './object-candidates.js';

/** Those of whom subjects on the list are members: of what kind, and of which. */
interface Group {
  readonly kind: 'team' | 'organization' | 'follower' | 'subscriber';
  readonly id: string;
}

/** Everybody for whom something on an object's path could speak (authz.md, The decision). */
export interface Addressed {
  readonly users: readonly string[];
  readonly teams: readonly string[];
  readonly organizations: readonly string[];
  readonly groups: readonly Group[];
}

/** Reads them from the path and the rows on it; `authors` as the object's description names them. */
export function addressedOn({ path, objects }: DecisionInput, authors: readonly string[]): Addressed {
  const named = { user: new Set(authors), team: new Set<string>(), organization: new Set<string>() };
  const audiences = new Set<string>();
  for (const element of path.flat()) {
    if (element.ownerType && element.ownerId) named[element.ownerType].add(element.ownerId);
    if (element.type === 'organization') named.organization.add(element.id);
    const facts = objects(element)?.facts;
    for (const { subjectType, subjectId, value } of facts?.permissions ?? []) {
      if (value !== 'allow') continue;
      if (subjectType === 'static') audiences.add(subjectId);
      else named[subjectType].add(subjectId);
    }
    for (const { subjectType, subjectId } of facts?.assignments ?? []) named[subjectType].add(subjectId);
  }
  const workspaces = path.flat().filter(({ type }) => type === 'workspace');
  return {
    users: [...named.user],
    teams: [...named.team],
    organizations: [...named.organization],
    groups: [
      ...[...named.team].map((id): Group => ({ kind: 'team', id })),
      ...[...named.organization].map((id): Group => ({ kind: 'organization', id })),
      ...(['follower', 'subscriber'] as const)
        .filter((kind) => audiences.has(kind))
        .flatMap((kind) => workspaces.map(({ id }): Group => ({ kind, id }))),
    ],
  };
}

/** Finds the subjects of one type that an object's path addresses, in the order of their ids, from indexes that hold them so. */
export class SubjectCandidates {
  constructor(
    private readonly db: Db,
    private readonly addressed: Addressed,
  ) {}

  /** The next ids from there on, at most as many as asked for; fewer where there are no more. */
  async next(type: 'user' | 'team' | 'organization', position: Position, limit: number): Promise<string[]> {
    const { users, teams, organizations, groups } = this.addressed;
    const past = position.id === null ? '' : ` AND id ${position.backward ? '<' : '>'} $2`;
    const order = `ORDER BY id ${position.backward ? 'DESC' : 'ASC'} LIMIT ${limit}`;
    const named = `SELECT id FROM unnest($1::text[]) AS n (id) WHERE true${past}`;
    const branches: Readonly<Record<ObjectRef['type'], readonly string[]>> = {
      organization: [],
      team: [
        `SELECT t.id FROM unnest($3::text[]) AS k (organization_id) CROSS JOIN LATERAL (SELECT id FROM subjects
           WHERE organization_id = k.organization_id AND type = 'team'${past} ${order}) t`,
      ],
      user: [
        `SELECT m.id FROM unnest($3::text[], $4::text[]) AS k (kind, principal_id) CROSS JOIN LATERAL (
           SELECT subject_id AS id FROM principals WHERE kind = k.kind AND principal_id = k.principal_id AND active
             AND subject_type = 'user'${past.replace(' id ', ' subject_id ')} ${order.replace('BY id', 'BY subject_id')}) m`,
      ],
    };
    const values: Readonly<Record<ObjectRef['type'], readonly unknown[]>> = {
      organization: [organizations, position.id],
      team: [teams, position.id, organizations],
      user: [users, position.id, groups.map(({ kind }) => kind), groups.map(({ id }) => id)],
    };
    const all = [named, ...(branches[type] ?? [])].map((branch) => `(${branch})`).join(' UNION ALL ');
    const text = `SELECT DISTINCT id FROM (${all}) c WHERE $2::text IS NOT NULL OR true ${order}`;
    const rows = await this.db.rows<{ id: string }>(statement(text), values[type] ?? []);
    return rows.map(({ id }) => id);
  }
}
