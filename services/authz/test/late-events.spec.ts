import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import pg from 'pg';
import type { ObjectDescription } from '@erato/contracts/authz/object-description';
import { facts } from '@erato/contracts/authz/facts';
import {
  resourceCreated,
  resourceDeleted,
  resourceUpdated,
  workspaceCreated,
  workspaceDeleted,
  workspaceUpdated,
} from '@erato/contracts/content/events';
import {
  membershipCreated,
  membershipDeleted,
  membershipUpdated,
  organizationDeleted,
  teamCreated,
  teamDeleted,
  teamMemberAdded,
  teamMemberRemoved,
  userCreated,
  userDeleted,
} from '@erato/contracts/identity/events';
import type { EventType } from '@erato/contracts/kit/event';
import { settle } from '@erato/testing/settle';
import { aDescription, World } from './world.js';

/** What is delivered: an event, and what it is about; of two about the same the later one makes the earlier one worthless. */
interface Told {
  readonly about: string;
  readonly emit: (time: string) => Promise<void>;
}

let world: World;
let database: pg.Pool;
let worlds = 0;

beforeAll(async () => {
  world = await World.start();
  database = new pg.Pool({ connectionString: world.service.databaseUrl, max: 2 });
}, 60_000);
afterAll(async () => {
  await database.end();
  await world.close();
});

const timeOf = (at: number): string => new Date(Date.UTC(2026, 0, 1) + at).toISOString();

const told = <T>(
  by: 'identity' | 'content',
  about: string,
  [event, subject, data]: [EventType<T>, string, (time: string) => T],
): Told => ({
  about,
  emit: (time) => world[by].emit(event, subject, data(time), { time }),
});

/**
 * Delivers the events as badly as can be: in any order, some twice, and without some that a later one made worthless. Nothing else
 * may come of it than of the events in their order.
 */
async function deliver(all: readonly Told[], { order, gaps, twice }: Disorder): Promise<void> {
  const last = new Map(all.map(({ about }, at) => [about, at]));
  const kept = all
    .map((event, at) => ({ event, at }))
    .filter(({ event, at }) => last.get(event.about) === at || !gaps[at % gaps.length]);
  const all2 = kept.flatMap((each, at) => (twice[at % twice.length] ? [each, each] : [each]));
  const shuffled = all2
    .map((each, at) => ({ each, key: order[at % order.length] ?? 0, at }))
    .sort((a, b) => a.key - b.key || a.at - b.at);
  for (const { each } of shuffled) await each.event.emit(timeOf(each.at));
}

interface Disorder {
  readonly order: readonly number[];
  readonly gaps: readonly boolean[];
  readonly twice: readonly boolean[];
}
const disorder: fc.Arbitrary<Disorder> = fc.record({
  order: fc.array(fc.nat(1_000), { minLength: 97, maxLength: 97 }),
  gaps: fc.array(fc.boolean(), { minLength: 13, maxLength: 13 }),
  twice: fc.array(fc.boolean(), { minLength: 7, maxLength: 7 }),
});

const rows = async (text: string, values: readonly unknown[]): Promise<string[]> =>
  (await database.query<{ row: string }>(text, [...values])).rows.map(({ row }) => row);

describe('what is heard of identity', () => {
  const op = fc.oneof(
    fc.record({
      do: fc.constantFrom('join', 'leave', 'suspend'),
      user: fc.nat(2),
      organization: fc.nat(1),
      role: fc.constantFrom('member', 'admin'),
    }),
    fc.record({ do: fc.constantFrom('add', 'remove'), user: fc.nat(2), team: fc.nat(2) }),
    fc.record({ do: fc.constant('end user'), user: fc.nat(2) }),
    fc.record({ do: fc.constant('end team'), team: fc.nat(2) }),
    fc.record({ do: fc.constant('end organization'), organization: fc.nat(1) }),
  ) as fc.Arbitrary<Op>;

  it('leaves the tables right, however it comes', async () => {
    const marker = () => `user_marker_${String(++worlds)}`;
    await fc.assert(
      fc.asyncProperty(fc.array(op, { minLength: 5, maxLength: 40 }), disorder, async (ops, how) => {
        const identity = new Identity(String(++worlds));
        for (const each of ops) identity.run(each);
        await deliver(identity.events, how);
        const end = marker();
        await world.identity.emit(userCreated, end, { userId: end, version: 1 });
        await settle(async () => (await rows('SELECT id AS row FROM subjects WHERE id = $1', [end])).length);
        const heard = await rows(
          `SELECT subject_id || ' ' || kind || ' ' || principal_id || ' ' || coalesce(role_slug, '') AS row FROM principals
           WHERE active AND subject_id LIKE $1 ORDER BY 1`,
          [`%${identity.suffix}`],
        );
        expect(heard.sort()).toEqual(identity.principals().sort());
        const known = await rows(`SELECT id AS row FROM subjects WHERE id LIKE $1`, [`%${identity.suffix}`]);
        expect(known.filter((id) => identity.gone.has(id))).toEqual([]);
      }),
      { numRuns: 40, endOnFailure: true },
    );
  }, 120_000);

  it('is not trusted where an earlier word comes after a later one: identity is asked', async () => {
    const [userId, teamId, organizationId] = ['user_doubted', 'team_doubted', 'org_doubted'];
    world.user('doubted', { teamIds: [] });
    const service = await world.asService('content');
    const teams = async () =>
      (await service.call(facts.fetch, { subjects: [{ type: 'user', id: userId }], objects: [] })).subjects[0]
        ?.teams;
    await world.identity.emit(userCreated, userId, { userId, version: 1 });
    await world.identity.emit(teamCreated, teamId, { teamId, organizationId });
    const fact = { userId, teamId, organizationId };
    await world.identity.emit(teamMemberAdded, teamId, fact, { time: timeOf(5) });
    await settle(async () => (await teams())?.length === 1);
    await world.identity.emit(teamMemberRemoved, teamId, fact, { time: timeOf(3) });
    await settle(async () => (await teams())?.length === 0);
    await service.close();
  });
});

interface Op {
  readonly do: string;
  readonly user?: number;
  readonly organization?: number;
  readonly team?: number;
  readonly role?: string;
}

/** The reference: what identity itself has, and what it says of it, as its own writes do. */
class Identity {
  readonly events: Told[] = [];
  readonly gone = new Set<string>();
  readonly suffix: string;
  readonly #members = new Map<string, { role: string; active: boolean }>();
  readonly #teams = new Set<string>();

  constructor(world: string) {
    this.suffix = `_w${world}_`;
    for (const user of [0, 1, 2]) {
      const id = this.#id('user', user);
      this.#tell(`subject ${id}`, [userCreated, id, () => ({ userId: id, version: 1 })]);
    }
    for (const team of [0, 1, 2]) {
      const teamId = this.#id('team', team);
      this.#tell(`subject ${teamId}`, [
        teamCreated,
        teamId,
        () => ({ teamId, organizationId: this.#of(team) }),
      ]);
    }
  }

  principals(): string[] {
    const members = [...this.#members].filter(([, { active }]) => active);
    return [
      ...members.map(([pair, { role }]) => pair.replace(' ', ' organization ') + ` ${role}`),
      ...[...this.#teams].map((pair) => `${pair.replace(' ', ' team ')} `),
    ];
  }

  run({ do: verb, user = 0, organization = 0, team = 0, role = 'member' }: Op): void {
    const [userId, organizationId, teamId] = [
      this.#id('user', user),
      this.#id('org', organization),
      this.#id('team', team),
    ];
    if (verb === 'end user') this.#endUser(userId);
    else if (verb === 'end team') this.#endTeam(teamId, this.#of(team));
    else if (verb === 'end organization') this.#endOrganization(organizationId);
    else if (verb === 'add' || verb === 'remove') this.#setTeam(userId, team, verb === 'add');
    else if (!this.gone.has(userId) && !this.gone.has(organizationId))
      this.#setMember(userId, organizationId, verb === 'leave' ? null : { role, active: verb === 'join' });
  }

  #setMember(userId: string, organizationId: string, state: { role: string; active: boolean } | null): void {
    const pair = `${userId} ${organizationId}`;
    const before = this.#members.get(pair);
    if (!state && !before) return;
    const event = state ? (before ? membershipUpdated : membershipCreated) : membershipDeleted;
    const { role, active } = state ?? before ?? { role: '', active: false };
    this.#tell(pair, [
      event,
      pair.replace(' ', '.'),
      (updatedAt) => ({
        ...{
          membershipId: `om_${pair.replace(' ', '_')}`,
          userId,
          organizationId,
          roleSlug: role,
          home: false,
        },
        ...{ status: active ? ('active' as const) : ('inactive' as const), updatedAt },
      }),
    ]);
    if (state) this.#members.set(pair, state);
    else this.#members.delete(pair);
    if (!state?.active)
      for (const team of [0, 1, 2]) if (this.#of(team) === organizationId) this.#setTeam(userId, team, false);
  }

  #setTeam(userId: string, team: number, active: boolean): void {
    const [teamId, organizationId] = [this.#id('team', team), this.#of(team)];
    const pair = `${userId} ${teamId}`;
    if (this.#teams.has(pair) === active) return;
    if (active && !this.#members.get(`${userId} ${organizationId}`)?.active) return;
    if (active && this.gone.has(teamId)) return;
    if (active) this.#teams.add(pair);
    else this.#teams.delete(pair);
    const fact = () => ({ userId, teamId, organizationId });
    this.#tell(pair, [active ? teamMemberAdded : teamMemberRemoved, teamId, fact]);
  }

  #endTeam(teamId: string, organizationId: string): void {
    if (this.gone.has(teamId)) return;
    this.gone.add(teamId);
    for (const pair of [...this.#teams]) if (pair.endsWith(` ${teamId}`)) this.#teams.delete(pair);
    this.#tell(`subject ${teamId}`, [teamDeleted, teamId, () => ({ teamId, organizationId })]);
  }

  #endUser(userId: string): void {
    if (this.gone.has(userId)) return;
    this.gone.add(userId);
    for (const pair of [...this.#members.keys(), ...this.#teams])
      if (pair.startsWith(`${userId} `)) {
        this.#members.delete(pair);
        this.#teams.delete(pair);
      }
    this.#tell(`subject ${userId}`, [userDeleted, userId, () => ({ userId, version: 2 })]);
  }

  #endOrganization(organizationId: string): void {
    if (this.gone.has(organizationId)) return;
    for (const team of [0, 1, 2])
      if (this.#of(team) === organizationId) this.#endTeam(this.#id('team', team), organizationId);
    this.gone.add(organizationId);
    for (const pair of [...this.#members.keys()])
      if (pair.endsWith(` ${organizationId}`)) this.#members.delete(pair);
    this.#tell(`subject ${organizationId}`, [
      organizationDeleted,
      organizationId,
      () => ({ organizationId, object: null }),
    ]);
  }

  #tell<T>(about: string, event: [EventType<T>, string, (time: string) => T]): void {
    this.events.push(told('identity', about, event));
  }

  /** Which organization has a team. */
  #of = (team: number): string => this.#id('org', team % 2);
  #id = (kind: string, n: number): string => `${kind}_${String(n)}${this.suffix}`;
}

describe('what is heard of content', () => {
  const step = fc.record({
    object: fc.nat(4),
    owner: fc.nat(2),
    parents: fc.subarray([0, 1]),
    ends: fc.nat(9),
  });

  it('leaves the tables right, however it comes', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 30 }), disorder, async (steps, how) => {
        const mine = String(++worlds).padStart(12, '0');
        // The first two are workspaces, the others resources, which have workspaces as parents.
        const idOf = (object: number) => `0198c5a2-7d10-7c33-9a4${String(object)}-${mine}`;
        const now = new Map<number, ObjectDescription | null>();
        const events: Told[] = [];
        for (const [at, { object, owner, parents, ends }] of steps.entries()) {
          if (now.get(object) === null) continue;
          const isWorkspace = object < 2;
          const id = idOf(object);
          const version = at + 1;
          const by = owner === 2 ? { organization: `org_${mine}` } : { user: `user_${String(owner)}` };
          const above = isWorkspace ? [] : parents.map((each) => ({ type: 'workspace', id: idOf(each) }));
          const type = isWorkspace ? 'workspace' : 'resource';
          const known = now.has(object);
          const description =
            ends === 0 && known ? null : aDescription(type, id, by, { parents: above, version });
          now.set(object, description);
          const stated = { ownerType: 'user' as const, ownerId: 'user_0', version, object: description };
          const made = isWorkspace
            ? told('content', id, [
                description ? (known ? workspaceUpdated : workspaceCreated) : workspaceDeleted,
                id,
                () => ({ ...stated, workspaceId: id, slug: 'late', visibility: 'private' as const }),
              ])
            : told('content', id, [
                description ? (known ? resourceUpdated : resourceCreated) : resourceDeleted,
                id,
                () => ({
                  ...{ ...stated, resourceId: id, type: 'post' as const, status: 'LISTED' as const },
                  ...{ publishedAt: null, authors: [] },
                }),
              ]);
          events.push(made);
        }
        await deliver(events, how);
        const end = idOf(9);
        await told('content', end, [
          workspaceCreated,
          end,
          () => ({
            ...{ workspaceId: end, slug: 'late', ownerType: 'user' as const, ownerId: 'user_0', version: 1 },
            ...{ visibility: 'private' as const, object: aDescription('workspace', end, { user: 'user_0' }) },
          }),
        ]).emit(timeOf(0));
        await settle(async () => (await rows('SELECT id AS row FROM objects WHERE id = $1', [end])).length);
        const kept = await rows(
          `SELECT id || ' ' || CASE WHEN deleted_at IS NULL THEN owner_id || ' ' || version ELSE 'gone' END AS row
           FROM objects WHERE id LIKE $1 AND id <> $2`,
          [`%-${mine}`, end],
        );
        const expected = [...now].map(([object, is]) =>
          is ? `${idOf(object)} ${is.ownerId ?? ''} ${String(is.version)}` : `${idOf(object)} gone`,
        );
        expect(kept.sort()).toEqual(expected.sort());
        const above = await rows(
          `SELECT object_id || ' ' || element_type || ' ' || element_id AS row FROM object_elements WHERE object_id LIKE $1`,
          [`%-${mine}`],
        );
        const elements = [...now].flatMap(([object, is]) => [
          ...(is?.parents ?? []).map(({ id }) => `${idOf(object)} workspace ${id}`),
          ...(is?.ownerType === 'organization' ? [`${idOf(object)} organization ${is.ownerId ?? ''}`] : []),
        ]);
        expect(above.sort()).toEqual(elements.sort());
      }),
      { numRuns: 30, endOnFailure: true },
    );
  }, 120_000);
});
