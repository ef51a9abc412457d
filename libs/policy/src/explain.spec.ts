import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { anyWorld, customActions } from '../test/arbitrary.js';
import { inputOf, type World } from '../test/world.js';
import { builtInActions } from './actions.js';
import { decide, type DecisionInput, rowsOf } from './decide.js';
import { aboutOneself, explain } from './explain.js';
import { type Change, withChange } from './turn.js';

const runs = { numRuns: 3000 };
const slugs = [...builtInActions, ...customActions].map((row) => row.slug);

/** Every change of one row that a caller of the routes could make, sensible or not. */
function* everyChange(input: DecisionInput): Generator<Change> {
  const addressees = [
    ...['u1', 'u2'].map((subjectId) => ({ subjectType: 'user' as const, subjectId })),
    ...['t1', 't2', 't3'].map((subjectId) => ({ subjectType: 'team' as const, subjectId })),
    ...['o1', 'o2'].map((subjectId) => ({ subjectType: 'organization' as const, subjectId })),
    ...['subscriber', 'follower', 'authenticated', 'guest'].map((subjectId) => ({
      subjectType: 'static' as const,
      subjectId,
    })),
  ];
  for (const element of input.path.flat()) {
    const on = { objectType: element.type, objectId: element.id };
    const { permissions, assignments } = rowsOf(input, element).facts;
    for (const { id: assignmentId, isOwner } of assignments) {
      if (!isOwner) yield { kind: 'remove_assignment', assignmentId, ...on };
    }
    for (const to of addressees) {
      for (const action of slugs) {
        const row = permissions.find(
          (one) =>
            one.subjectType === to.subjectType && one.subjectId === to.subjectId && one.action === action,
        );
        for (const value of ['allow', 'deny', 'unset'] as const) {
          yield { kind: 'set_permission', permissionId: row?.id ?? null, ...on, ...to, action, value };
        }
      }
    }
  }
}

describe('an explanation', () => {
  it('has the verdict of the decision, and its trace comes to the same rule, element and row', () => {
    fc.assert(
      fc.property(anyWorld, (world) => {
        const input = inputOf(world);
        const { decision, actions } = explain(input);
        expect(decision).toEqual(decide(input));
        expect(actions.at(-1)?.decision).toEqual(decision);
        for (const { decision: part, rules } of actions) {
          const answering = rules.filter((rule) => rule.allowed !== null);
          expect(answering).toHaveLength(1);
          const [answer] = answering;
          expect(answer).toMatchObject({ rule: part.rule, allowed: part.allowed });
          expect(answer?.audience).toBe(part.audience);
          expect(answer?.element?.id).toBe(part.element?.id);
          const deciding =
            answer?.elements.flatMap(({ rows }) => rows.filter((row) => row.why === 'decides')) ?? [];
          const { permissionId, assignmentId, roleSlug } = part;
          const named = permissionId !== undefined || assignmentId !== undefined || roleSlug !== undefined;
          expect(deciding).toHaveLength(named ? 1 : 0);
          if (named) {
            expect(deciding[0]?.permissionId).toBe(permissionId);
            expect(deciding[0]?.assignmentId).toBe(assignmentId);
            expect(deciding[0]?.roleSlug).toBe(roleSlug);
          }
          const last = rules.findLastIndex((rule) => rule.reached);
          expect(rules[last]).toBe(answer);
        }
      }),
      runs,
    );
  });

  it('names a change of one row that does turn the answer', () => {
    fc.assert(
      fc.property(anyWorld, (world) => {
        const input = inputOf(world);
        const { decision, turn } = explain(input);
        if (turn === null) return;
        expect(turn.allowed).toBe(!decision.allowed);
        expect(decide(withChange(input, turn.change)).allowed).toBe(turn.allowed);
      }),
      runs,
    );
  });

  it('names no change only where none exists', () => {
    fc.assert(
      fc.property(anyWorld, (world) => {
        const input = inputOf(world);
        const { decision, turn } = explain(input);
        if (turn !== null) return;
        for (const change of everyChange(input)) {
          expect(decide(withChange(input, change)).allowed).toBe(decision.allowed);
        }
      }),
      { numRuns: 200 },
    );
  });

  it('always finds a change for a yes, and for a user whom no row of the level user denies a single action', () => {
    fc.assert(
      fc.property(anyWorld, (world) => {
        const { decision, turn } = explain(inputOf(world));
        const composite = world.action === 'write' || world.action === 'manage';
        if (['administrator', 'ceiling', 'owner'].includes(decision.rule)) expect(turn).toBeNull();
        else if (decision.allowed) expect(turn).not.toBeNull();
        else if (world.caller.subjectType === 'user' && decision.rule !== 'user' && !composite) {
          expect(turn).not.toBeNull();
        }
      }),
      runs,
    );
  });

  it('shows who may not administer the object only the rule and the rows about oneself', () => {
    fc.assert(
      fc.property(anyWorld, (world) => {
        const shown = aboutOneself(explain(inputOf(world)));
        const { subjectType, subjectId } = world.caller;
        for (const { rules } of shown.actions) {
          for (const row of rules.flatMap((rule) => rule.elements.flatMap(({ rows }) => rows))) {
            expect(row).toMatchObject({ subjectType, subjectId });
          }
        }
        const others = ['t1', 't2', 't3', 'u2'].filter((id) => id !== subjectId);
        const text = JSON.stringify({ ...shown, subject: null, object: null });
        for (const other of others) expect(text).not.toMatch(new RegExp(`\\b${other}\\b`));
      }),
      runs,
    );
  });

  const allowed = { id: 'p1', action: 'update', value: 'allow' as const, expiresAt: null };
  const world: World = {
    caller: { subjectType: 'user', subjectId: 'ada', scopes: [] },
    principals: { revision: 1, teams: ['a-and-r'], organizations: [], audiences: [] },
    action: 'update',
    path: [[{ type: 'resource', id: 'song' }], [{ type: 'workspace', id: 'band', ownerCounts: false }]],
    rows: {
      'resource:song': {
        permissions: [{ ...allowed, id: 'p2', subjectType: 'user', subjectId: 'ada', value: 'deny' }],
        assignments: [],
      },
      'workspace:band': {
        permissions: [{ ...allowed, subjectType: 'team', subjectId: 'a-and-r' }],
        assignments: [],
      },
    },
    actions: [],
    everyone: ['read'],
    now: 0,
  };

  it('reads like this: the label gave its team write access, one person is denied, and it says why', () => {
    expect(explain(inputOf(world)).sentences).toEqual([
      'User ada may not update resource song.',
      'Administrator: the scope admin is not held.',
      'Ceiling: nothing is left out.',
      'Owner: of nothing on the path.',
      'Level user: no on resource song.',
      '  deny update for user ada on resource song (p2): this decides.',
      'The answer would be yes if the permission p2 for user ada on resource song about update were unset.',
    ]);
  });

  it('reads on through silent levels to the default', () => {
    const guest = { ...world.caller, subjectType: 'guest' as const, subjectId: 'guest' };
    const { sentences } = explain(inputOf({ ...world, caller: guest, action: 'read' }));
    expect(sentences.slice(0, 1)).toEqual(['A guest may read resource song.']);
    expect(sentences.slice(-6)).toEqual([
      'Level static, subscriber: silent.',
      'Level static, follower: silent.',
      'Level static, authenticated: silent.',
      'Level static, guest: silent.',
      'Default: yes, for everyone.',
      'The answer would be no if a permission for guest on resource song said deny read.',
    ]);
  });

  it('has no change for two denies that stand together', () => {
    const denies = ['update', 'read'].map((action) => ({
      ...allowed,
      id: action,
      subjectType: 'user' as const,
      subjectId: 'ada',
      action,
      value: 'deny' as const,
    }));
    const rows = { ...world.rows, 'resource:song': { permissions: denies, assignments: [] } };
    const { turn, sentences } = explain(inputOf({ ...world, rows }));
    expect(turn).toBeNull();
    expect(sentences.at(-1)).toBe('No change of a single row would turn the answer.');
  });
});
