import type { Db } from '@erato/platform/database/db';
import { statement } from '@erato/platform/database/statement';
import type { ActionTable } from '@erato/policy/actions';
import type { CompiledSubject } from '@erato/policy/compile';
import { seedsOf, type Seeds } from './seeds.js';

/** Elements that one look gathers what is below of; whoever has more has so much that all objects are looked through. */
const seedBound = 1_000;

/** What stands above the types that are not nested; a type that is not here may lie below anything. */
const containers: Readonly<Record<string, readonly string[]>> = {
  organization: [],
  workspace: ['organization'],
  resource: ['workspace', 'organization'],
  collection: ['workspace', 'organization'],
};

/** How far a list has come, and in which direction it goes. */
export interface Position {
  readonly id: string | null;
  readonly backward: boolean;
}

/** What is asked for: objects of a type, in whose path somebody has something that allows the action. */
export interface Wanted {
  readonly subject: CompiledSubject;
  readonly actions: ActionTable;
  /** The number of one action that must be allowed. */
  readonly action: number;
  readonly type: string;
}

/**
 * Finds, in the order of ids, the objects of a type that a subject could possibly do something with: on whose path a row, a
 * role, an ownership, a membership or an audience speaks for him, or whose default does. Whether he may is for the
 * decision to say. Every part is read from an index that holds it in that order, so a look costs the same wherever it stands.
 */
export class ObjectCandidates {
  readonly #seeds: Seeds;
  #defaults: string[] | undefined;
  #all: boolean;

  constructor(
    private readonly db: Db,
    private readonly wanted: Wanted,
    all: boolean,
  ) {
    this.#all = all;
    this.#seeds = seedsOf(wanted.subject, wanted);
  }

  /** The next ids from there on, at most as many as asked for; fewer where there are no more. */
  async next(position: Position, limit: number): Promise<string[]> {
    if (!this.#all) {
      const found = await this.#seeded(position, limit);
      if (found) return found;
      this.#all = true;
    }
    const { type } = this.wanted;
    const text = `SELECT id FROM objects WHERE type = $1 AND deleted_at IS NULL${past('id', position)} ${order('id', position)} LIMIT ${limit}`;
    return this.#ids(text, [type, position.id]);
  }

  /** From what the subject has; null where that is too much. */
  async #seeded(position: Position, limit: number): Promise<string[] | null> {
    const { keys, owners, seeds, followed, allowing } = this.#seeds;
    const { type } = this.wanted;
    this.#defaults ??= await this.#findDefaults();
    const values = [
      ...[type, position.id],
      ...[keys.map((key) => key.type), keys.map((key) => key.id)],
      ...[owners.map((owner) => owner.type), owners.map((owner) => owner.id)],
      ...[seeds.map((seed) => seed.type), seeds.map((seed) => seed.id)],
      ...[followed, allowing, this.#defaults],
    ];
    const rows = await this.db.rows<{ id: string | null; seeds: number }>(
      statement(seededText(type, position, limit)),
      values,
    );
    if ((rows[0]?.seeds ?? 0) > seedBound) return null;
    return rows.flatMap(({ id }) => id ?? []);
  }

  /** The defaults that allow the action, among the few that objects of the type have. */
  async #findDefaults(): Promise<string[]> {
    const rows = await this.db.rows<{ everyone: string[] }>(distinctDefaults, [this.wanted.type]);
    const { actions, action } = this.wanted;
    return rows
      .filter(({ everyone }) => actions.isAllowedBy(everyone, action))
      .map(({ everyone }) => `{${everyone.join(',')}}`);
  }

  async #ids(text: string, values: unknown[]): Promise<string[]> {
    const used = text.includes('$2') ? values : values.slice(0, 1);
    return (await this.db.rows<{ id: string }>(statement(text), used)).map(({ id }) => id);
  }
}

/** The distinct defaults of a type, each found by one step in an index. */
const distinctDefaults = statement(`
  WITH RECURSIVE d AS (
    (SELECT everyone FROM objects WHERE type = $1 AND everyone <> '{}' ORDER BY everyone LIMIT 1)
    UNION ALL
    SELECT (SELECT o.everyone FROM objects o WHERE o.type = $1 AND o.everyone <> '{}' AND o.everyone > d.everyone
      ORDER BY o.everyone LIMIT 1) FROM d WHERE d.everyone IS NOT NULL)
  SELECT everyone FROM d WHERE everyone IS NOT NULL`);

const past = (column: string, { id, backward }: Position): string =>
  id === null ? '' : ` AND ${column} ${backward ? '<' : '>'} $2`;
const order = (column: string, { backward }: Position): string =>
  `ORDER BY ${column} ${backward ? 'DESC' : 'ASC'}`;

const inForce = (row: string): string => `(${row}.expires_at IS NULL OR ${row}.expires_at > now())`;
/** A row about an audience of workspaces speaks only on those that the subject is in it of. */
const reaches = `(k.type <> 'static' OR k.id NOT IN ('follower', 'subscriber') OR p.object_type <> 'workspace'
  OR p.object_id = ANY ($9::text[]))`;

/**
 * One statement: `seeds` are the elements above objects of the type on which something speaks for the subject; `found` what lies
 * below them, and what speaks for him on objects of the type themselves.
 */
function seededText(type: string, position: Position, limit: number): string {
  const above = Object.hasOwn(containers, type) ? containers[type] : undefined;
  const isAbove = (row: string): string =>
    above
      ? `${row}_type = ANY ('{${above.join(',')}}')`
      : `EXISTS (SELECT FROM object_elements e WHERE e.element_type = ${row}_type AND e.element_id = ${row}_id
          AND e.object_type = $1)`;
  const subjects = 'unnest($3::text[], $4::text[]) AS k (type, id)';
  const owners = 'unnest($5::text[], $6::text[]) AS k (type, id)';
  const inOrder = (column: string): string =>
    `${past(column, position)} ${order(column, position)} LIMIT ${limit}`;
  const allowed = `p.subject_type = k.type AND p.subject_id = k.id AND p.value = 'allow' AND p.action = ANY ($10::text[])
    AND ${inForce('p')} AND ${reaches}`;
  const held = `s.subject_type = k.type AND s.subject_id = k.id AND ${inForce('s')}
    AND (s.is_owner OR (r.grants -> $1::text) ?| $10::text[])`;
  const gathered = [
    'SELECT type, id FROM unnest($7::text[], $8::text[]) AS g (type, id)',
    `SELECT p.object_type, p.object_id FROM ${subjects} JOIN permissions p ON ${allowed} WHERE ${isAbove('p.object')}`,
    `SELECT s.object_type, s.object_id FROM ${subjects} JOIN role_assignments s ON s.subject_type = k.type
       JOIN roles r ON r.id = s.role_id WHERE ${held} AND ${isAbove('s.object')}`,
    // The owner of an author workspace is not the resource's (authz.md, rule 3).
    ...(type === 'resource'
      ? []
      : [
          `SELECT o.object_type, o.object_id FROM ${owners} CROSS JOIN LATERAL (SELECT type AS object_type, id AS object_id
             FROM objects WHERE owner_type = k.type AND owner_id = k.id) o WHERE ${isAbove('o.object')}`,
        ]),
  ];
  const branches = [
    `SELECT id FROM seeds WHERE type = $1${past('id', position)}`,
    `SELECT e.id FROM seeds g CROSS JOIN LATERAL (SELECT object_id AS id FROM object_elements
       WHERE element_type = g.type AND element_id = g.id AND object_type = $1${inOrder('object_id')}) e`,
    `SELECT x.id FROM ${subjects} CROSS JOIN LATERAL (SELECT DISTINCT p.object_id AS id FROM permissions p
       WHERE ${allowed} AND p.object_type = $1${inOrder('p.object_id')}) x`,
    `SELECT x.id FROM ${subjects} CROSS JOIN LATERAL (SELECT DISTINCT s.object_id AS id FROM role_assignments s
       JOIN roles r ON r.id = s.role_id WHERE ${held} AND s.object_type = $1${inOrder('s.object_id')}) x`,
    `SELECT x.id FROM ${owners} CROSS JOIN LATERAL (SELECT o.id FROM objects o
       WHERE o.owner_type = k.type AND o.owner_id = k.id AND o.type = $1${inOrder('o.id')}) x`,
    `SELECT x.id FROM unnest($11::text[]) AS d (everyone) CROSS JOIN LATERAL (SELECT o.id FROM objects o
       WHERE o.type = $1 AND o.everyone = d.everyone::text[] AND o.everyone <> '{}'${inOrder('o.id')}) x`,
  ];
  return `
    WITH seeds AS MATERIALIZED (SELECT DISTINCT type, id FROM (${gathered.join(' UNION ALL ')}) g (type, id) LIMIT ${seedBound + 1}),
    held AS (SELECT count(*)::integer AS seeds FROM seeds),
    found AS (SELECT DISTINCT id FROM (${branches.map((branch) => `(${branch})`).join(' UNION ALL ')}) f
      WHERE (SELECT seeds FROM held) <= ${seedBound} ${order('id', position)} LIMIT ${limit})
    SELECT f.id, h.seeds FROM held h LEFT JOIN found f ON true WHERE $2::text IS NOT NULL OR true ${order('f.id', position)}`;
}
