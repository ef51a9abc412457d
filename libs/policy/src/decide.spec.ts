import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { reference } from '../test/reference.js';
import { casesOf } from '../test/scenario.js';
import { inputOf } from '../test/world.js';
import { ActionTable, UnknownActionError } from './actions.js';
import { compileSubject, noPrincipals } from './compile.js';
import { decide } from './decide.js';
import { explain } from './explain.js';

const folder = new URL('../test/cases/', import.meta.url);
const tables = readdirSync(folder).sort();

describe.each(tables)('%s', (table) => {
  const cases = casesOf(readFileSync(new URL(table, folder), 'utf8'));

  it.each(cases)('$name', ({ world, allowed, by }) => {
    const decision = decide(inputOf(world));
    expect({ allowed: decision.allowed, by: decision.audience ?? decision.rule }).toEqual({ allowed, by });
    expect(reference(world).allowed).toBe(allowed);
    expect(explain(inputOf(world)).decision).toEqual(decision);
  });
});

describe('a question that has no answer', () => {
  const [one] = casesOf('a case\n  u1 | path r1(u1) | read r1 = yes owner');
  if (!one) throw new Error('a case');
  const input = inputOf(one.world);

  it('is one about an action that no row has', () => {
    expect(() => decide({ ...input, action: 'fly' })).toThrow(UnknownActionError);
    expect(() => decide({ ...input, action: 'constructor' })).toThrow(UnknownActionError);
  });

  it('is one without an object, or about several', () => {
    const element = { type: 'resource', id: 'r1' };
    expect(() => decide({ ...input, path: [] })).toThrow(TypeError);
    expect(() => decide({ ...input, path: [[]] })).toThrow(TypeError);
    expect(() => decide({ ...input, path: [[element, element]] })).toThrow(TypeError);
  });

  it('is one with the principals of somebody else', () => {
    const other = compileSubject('user', 'u2', noPrincipals);
    expect(() => decide({ ...input, subject: other })).toThrow(TypeError);
    const team = compileSubject('team', 'u1', noPrincipals);
    expect(() => decide({ ...input, subject: team })).toThrow(TypeError);
  });
});

describe('the table of actions', () => {
  it('lets no row redefine what stands from the start', () => {
    const table = new ActionTable([{ slug: 'read', implies: ['admin'] }]);
    expect(table.isAllowedBy(['read'], table.number('delete') ?? -1)).toBe(false);
  });

  it('does not take one list of grants for another that is spelled alike', () => {
    const table = new ActionTable();
    const odd = table.grants({ resource: ['create read'] }).get('resource');
    const plain = table.grants({ resource: ['create', 'read'] }).get('resource');
    expect(odd?.includes(1)).toBe(false);
    expect(plain?.[table.number('read') ?? -1]).toBe(1);
  });

  it('holds more actions than fit into a row’s bits', () => {
    const many = Array.from(
      { length: 60 },
      (_, at) => `action ${String.fromCharCode(97 + (at % 26))}${at} implies read`,
    );
    const last = (many.at(-1) ?? '').split(' ')[1] ?? '';
    const facts = `${many.join('; ')}; path r1; u1 allow ${last} r1`;
    const [yes, no] = casesOf(
      `x\n  u1 | ${facts} | ${last} r1 = yes user\n  u1 | ${facts} | a0 r1 = no default`,
    );
    expect(yes && decide(inputOf(yes.world)).allowed).toBe(true);
    expect(no && decide(inputOf(no.world)).allowed).toBe(false);
  });
});
