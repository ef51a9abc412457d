import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { anyAction, anyWorld, now, openWorld } from '../test/arbitrary.js';
import { reference } from '../test/reference.js';
import { inputOf, type World } from '../test/world.js';
import { ActionTable } from './actions.js';
import { decide, type Decision, MissingFactsError } from './decide.js';
import type { PermissionRow } from './facts.js';

const runs = { numRuns: 2000 };
const may = (world: World): boolean => answer(world).allowed;
const answer = (world: World): Decision => decide(inputOf(world));
const objectKeys = ['resource:r1', 'workspace:w1', 'organization:o1'] as const;
const anyKey = fc.constantFrom(...objectKeys);

function withRow(world: World, key: string, row: Omit<PermissionRow, 'id' | 'expiresAt'>): World {
  const on = world.rows[key] ?? { permissions: [], assignments: [] };
  const rest = on.permissions.filter(
    (one) =>
      one.subjectType !== row.subjectType || one.subjectId !== row.subjectId || one.action !== row.action,
  );
  const permissions = [...rest, { id: `${key}/new`, expiresAt: null, ...row }];
  return { ...world, rows: { ...world.rows, [key]: { ...on, permissions } } };
}

function mapRows(
  world: World,
  change: (rows: World['rows'][string], key: string) => World['rows'][string],
): World {
  const rows = Object.fromEntries(Object.entries(world.rows).map(([key, on]) => [key, change(on, key)]));
  return { ...world, rows };
}

const somebody = fc.constantFrom(
  { subjectType: 'user' as const, subjectId: 'u1' },
  { subjectType: 'team' as const, subjectId: 't1' },
  { subjectType: 'organization' as const, subjectId: 'o1' },
  { subjectType: 'static' as const, subjectId: 'authenticated' },
  { subjectType: 'static' as const, subjectId: 'guest' },
);

describe('a decision, whatever the facts', () => {
  it('is what a plain reading of authz.md gives', () => {
    fc.assert(
      fc.property(anyWorld, (world) => {
        const { allowed, rule } = answer(world);
        expect({ allowed, rule }).toEqual(reference(world));
      }),
      { numRuns: 20_000 },
    );
  });

  it('reaches every rule in the generated worlds, both ways where there are two', () => {
    const seen = new Set<string>();
    for (const world of fc.sample(anyWorld, { numRuns: 5000, seed: 7 })) {
      const { rule, allowed, audience } = answer(world);
      seen.add(`${audience ?? rule} ${allowed ? 'yes' : 'no'}`);
    }
    const twoWays = [
      'user',
      'team',
      'organization',
      'subscriber',
      'follower',
      'authenticated',
      'guest',
      'default',
    ];
    const expected = [...twoWays.flatMap((rule) => [`${rule} yes`, `${rule} no`])];
    expect([...seen].sort()).toEqual([...expected, 'administrator yes', 'ceiling no', 'owner yes'].sort());
  });

  it('is not opened by another deny', () => {
    fc.assert(
      fc.property(anyWorld, anyKey, somebody, anyAction, (world, key, who, action) => {
        // a row that is replaced could have been a deny, too: only what was not one counts as added
        const before = withRow(world, key, { ...who, action, value: 'unset' });
        const after = withRow(world, key, { ...who, action, value: 'deny' });
        expect(may(after) && !may(before)).toBe(false);
      }),
      runs,
    );
  });

  it('is not closed by another allow', () => {
    fc.assert(
      fc.property(anyWorld, anyKey, somebody, anyAction, (world, key, who, action) => {
        const before = withRow(world, key, { ...who, action, value: 'unset' });
        const after = withRow(world, key, { ...who, action, value: 'allow' });
        expect(!may(after) && may(before)).toBe(false);
      }),
      runs,
    );
  });

  it('never locks an owner out', () => {
    fc.assert(
      fc.property(openWorld, fc.nat(), (world, at) => {
        const elements = world.path.flat();
        const owned = elements[at % elements.length];
        const path = world.path.map((group) =>
          group.map((element) =>
            element === owned
              ? { ...element, ownerType: 'user' as const, ownerId: 'u1', ownerCounts: true }
              : element,
          ),
        );
        const caller = { subjectType: 'user' as const, subjectId: 'u1', scopes: [] };
        expect(answer({ ...world, path, caller })).toMatchObject({ allowed: true, rule: 'owner' });
      }),
      runs,
    );
  });

  it('takes an expired row as absent', () => {
    fc.assert(
      fc.property(anyWorld, (world) => {
        const inForce = (row: { expiresAt: number | null }): boolean =>
          row.expiresAt === null || row.expiresAt > now;
        const without = mapRows(world, ({ permissions, assignments }) => ({
          permissions: permissions.filter(inForce),
          assignments: assignments.filter(inForce),
        }));
        expect(answer(world)).toEqual(answer(without));
      }),
      runs,
    );
  });

  it('takes an unset row as absent', () => {
    fc.assert(
      fc.property(anyWorld, (world) => {
        const without = mapRows(world, ({ permissions, assignments }) => ({
          permissions: permissions.filter((row) => row.value !== 'unset'),
          assignments,
        }));
        expect(answer(world)).toEqual(answer(without));
      }),
      runs,
    );
  });

  it('does not depend on any order: of rows, principals, or elements at one distance', () => {
    const shuffled = (world: World): World => ({
      ...mapRows(world, ({ permissions, assignments }) => ({
        permissions: permissions.toReversed(),
        assignments: assignments.toReversed(),
      })),
      principals: {
        ...world.principals,
        teams: world.principals.teams.toReversed(),
        organizations: world.principals.organizations.toReversed(),
        audiences: world.principals.audiences.toReversed(),
      },
      path: world.path.map((group) => group.toReversed()),
    });
    fc.assert(
      fc.property(anyWorld, (world) => {
        const [one, other] = [answer(world), answer(shuffled(world))];
        // two owners side by side, or two workspaces named by a ceiling: either may be named
        if (one.rule === 'owner' || one.rule === 'ceiling') {
          expect(other).toMatchObject({ allowed: one.allowed, rule: one.rule });
        } else expect(other).toEqual(one);
      }),
      runs,
    );
  });

  it('answers for a composite action as for all of its parts', () => {
    const parts = { write: ['create', 'read', 'update'], manage: ['create', 'read', 'update', 'delete'] };
    fc.assert(
      fc.property(anyWorld, fc.constantFrom('write' as const, 'manage' as const), (world, action) => {
        const each = parts[action].every((part) => may({ ...world, action: part }));
        expect(may({ ...world, action })).toBe(each);
      }),
      runs,
    );
  });

  it('is never opened by a ceiling', () => {
    fc.assert(
      fc.property(anyWorld, ({ caller: { ceiling, ...caller }, ...rest }) => {
        const without = { ...rest, caller };
        if (ceiling === undefined) return;
        expect(may({ ...rest, caller: { ...caller, ceiling } }) && !may(without)).toBe(false);
      }),
      runs,
    );
  });

  it('is not changed by a row about somebody else', () => {
    fc.assert(
      fc.property(
        anyWorld,
        anyKey,
        anyAction,
        fc.constantFrom('allow', 'deny'),
        (world, key, action, value) => {
          const after = withRow(world, key, {
            subjectType: 'user',
            subjectId: 'somebody-else',
            action,
            value,
          });
          expect(answer(after)).toEqual(answer(world));
        },
      ),
      runs,
    );
  });

  it('denies whatever is asked where reading is denied to the user on the object', () => {
    fc.assert(
      fc.property(openWorld, (world) => {
        const key = `${world.path[0]?.[0]?.type ?? ''}:${world.path[0]?.[0]?.id ?? ''}`;
        const caller = { subjectType: 'user' as const, subjectId: 'u1', scopes: [] };
        const row = { subjectType: 'user' as const, subjectId: 'u1', action: 'read', value: 'deny' as const };
        const { allowed, rule } = answer(withRow({ ...world, caller }, key, row));
        expect(allowed).toBe(rule === 'owner');
      }),
      runs,
    );
  });

  it('lets a user row on the object alone decide, but for rules 1 to 3', () => {
    fc.assert(
      fc.property(anyWorld, fc.constantFrom('allow', 'deny'), (world, value) => {
        const key = `${world.path[0]?.[0]?.type ?? ''}:${world.path[0]?.[0]?.id ?? ''}`;
        const caller = { ...world.caller, subjectType: 'user' as const, subjectId: 'u1' };
        const row = {
          id: 'only',
          subjectType: 'user' as const,
          subjectId: 'u1',
          action: world.action,
          value,
        };
        const on = { permissions: [{ ...row, expiresAt: null }], assignments: [] };
        const { allowed, rule } = answer({ ...world, caller, rows: { ...world.rows, [key]: on } });
        if (rule === 'user') expect(allowed).toBe(value === 'allow');
        else expect(['administrator', 'ceiling', 'owner']).toContain(rule);
      }),
      runs,
    );
  });

  it('changes nothing of what it reads', () => {
    const freeze = <T>(value: T): T => {
      if (typeof value === 'object' && value !== null) Object.values(Object.freeze(value)).forEach(freeze);
      return value;
    };
    fc.assert(
      fc.property(anyWorld, (world) => {
        expect(() => answer(freeze(world))).not.toThrow();
      }),
      { numRuns: 500 },
    );
  });

  it('is the same on facts that were compiled for another table of actions', () => {
    fc.assert(
      fc.property(anyWorld, (world) => {
        const input = inputOf({ ...world, action: 'update' });
        decide({ ...input, actions: new ActionTable([{ slug: 'aaa', implies: [] }]) });
        expect(decide(input)).toEqual(answer({ ...world, action: 'update' }));
      }),
      runs,
    );
  });

  it('is not made where rows of an element are not known, unless an earlier rule has answered', () => {
    fc.assert(
      fc.property(anyWorld, fc.nat(), (world, at) => {
        const elements = world.path.flat();
        const missing = elements[at % elements.length];
        const input = inputOf(world);
        const blind = {
          ...input,
          objects: (e: typeof missing & object) => (e === missing ? undefined : input.objects(e)),
        };
        let result: Decision | undefined;
        try {
          result = decide(blind);
        } catch (error) {
          expect(error).toBeInstanceOf(MissingFactsError);
        }
        if (result) {
          expect(['administrator', 'ceiling', 'owner']).toContain(result.rule);
          expect(result).toEqual(answer(world));
        }
      }),
      runs,
    );
  });
});
