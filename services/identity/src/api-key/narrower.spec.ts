import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { Ceiling } from '@erato/contracts/kit/context';
import { ActionTable } from '@erato/policy/actions';
import { readCeiling } from '@erato/policy/ceiling';
import { isWithin, narrowerOf, scopesWithin } from './narrower.js';

const table = new ActionTable();
const types = ['organization', 'workspace', 'resource'];
const actions = ['create', 'read', 'update', 'delete', 'publish', 'write', 'manage', 'admin'];
const ids = ['a', 'b', 'c'];

const entry = fc.record(
  {
    actions: fc.uniqueArray(fc.constantFrom(...actions), { maxLength: 4 }),
    ids: fc.uniqueArray(fc.constantFrom(...ids), { maxLength: 3 }),
  },
  { requiredKeys: ['actions'] },
);
const ceiling: fc.Arbitrary<Ceiling | null> = fc.option(fc.dictionary(fc.constantFrom(...types), entry), {
  freq: 6,
});

/** Every path of a resource in a workspace of an organization, and of those themselves. */
const paths = types.flatMap((_, from) =>
  ids.map((id) => [...types.slice(0, from + 1)].reverse().map((type) => [{ type, id }])),
);

const allows = (given: Ceiling | null, path: (typeof paths)[number], action: string): boolean =>
  given === null || table.parts(action).every((part) => readCeiling(given, path, table, part).allowed);

describe('a narrower ceiling', () => {
  it('allows nothing that the wider one denies', () => {
    fc.assert(
      fc.property(ceiling, ceiling, (next, current) => {
        if (!isWithin(next, current)) return;
        for (const path of paths) {
          for (const action of actions) {
            if (allows(next, path, action)) expect(allows(current, path, action)).toBe(true);
          }
        }
      }),
      { numRuns: 2_000 },
    );
  });

  it('is within itself and within none', () => {
    fc.assert(
      fc.property(ceiling, (given) => {
        expect(isWithin(given, given)).toBe(true);
        expect(isWithin(given, null)).toBe(true);
        if (given !== null) expect(isWithin(null, given)).toBe(false);
      }),
    );
  });

  it('knows what an action implies', () => {
    const admin = { workspace: { actions: ['admin'] } };
    expect(isWithin({ workspace: { actions: ['write', 'publish'] } }, admin)).toBe(true);
    expect(isWithin(admin, { workspace: { actions: ['manage'] } })).toBe(false);
    expect(isWithin({ workspace: { actions: ['read'] } }, { workspace: { actions: ['update'] } })).toBe(true);
  });

  it('is no other when an entry that held something closer goes', () => {
    const current = { workspace: { actions: ['write'] }, resource: { actions: ['read'] } };
    expect(isWithin({ workspace: { actions: ['write'] } }, current)).toBe(false);
    expect(isWithin({ workspace: { actions: ['read'] } }, current)).toBe(true);
    expect(isWithin({ resource: { actions: ['read'] } }, current)).toBe(true);
  });

  it('is no other when ids that were held closer go', () => {
    const current = {
      workspace: { actions: ['write'] },
      resource: { actions: ['read'], ids: ['a', 'b'] },
    };
    const fewer = { ...current, resource: { actions: ['read'], ids: ['a'] } };
    expect(isWithin(fewer, current)).toBe(false);
    expect(isWithin({ resource: fewer.resource }, current)).toBe(true);
    expect(isWithin({ resource: { actions: ['read'] } }, current)).toBe(false);
  });

  it('is found among two, or there is none', () => {
    const one = { workspace: { actions: ['read'] } };
    const other = { resource: { actions: ['read'] } };
    expect(narrowerOf(one, null)).toBe(one);
    expect(narrowerOf(null, one)).toBe(one);
    expect(narrowerOf(one, { workspace: { actions: ['write'] } })).toBe(one);
    expect(narrowerOf(one, other)).toBeUndefined();
  });
});

describe('scopes', () => {
  it('are held by their write and by admin', () => {
    expect(scopesWithin(['users:read'], ['users:write'])).toBe(true);
    expect(scopesWithin(['users:write'], ['users:read'])).toBe(false);
    expect(scopesWithin(['users:write', 'cms:read'], ['admin'])).toBe(true);
    expect(scopesWithin(['admin'], ['users:write'])).toBe(false);
  });
});
