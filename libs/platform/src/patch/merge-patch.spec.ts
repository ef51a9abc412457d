import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { mergePart, mergePatch } from './merge-patch.js';

describe('a merge patch', () => {
  /** The examples of RFC 7396, appendix A. */
  const cases: readonly [unknown, unknown, unknown][] = [
    [{ a: 'b' }, { a: 'c' }, { a: 'c' }],
    [{ a: 'b' }, { b: 'c' }, { a: 'b', b: 'c' }],
    [{ a: 'b' }, { a: null }, {}],
    [{ a: 'b', b: 'c' }, { a: null }, { b: 'c' }],
    [{ a: ['b'] }, { a: 'c' }, { a: 'c' }],
    [{ a: 'c' }, { a: ['b'] }, { a: ['b'] }],
    [{ a: { b: 'c' } }, { a: { b: 'd', c: null } }, { a: { b: 'd' } }],
    [{ a: [{ b: 'c' }] }, { a: [1] }, { a: [1] }],
    [
      ['a', 'b'],
      ['c', 'd'],
      ['c', 'd'],
    ],
    [{ a: 'b' }, ['c'], ['c']],
    [{ a: 'foo' }, null, null],
    [{ a: 'foo' }, 'bar', 'bar'],
    [{ e: null }, { a: 1 }, { e: null, a: 1 }],
    [[1, 2], { a: 'b', c: null }, { a: 'b' }],
    [{}, { a: { bb: { ccc: null } } }, { a: { bb: {} } }],
  ];
  it.each(cases)('of %j by %j is %j', (target, patch, result) => {
    expect(mergePatch(target, patch)).toEqual(result);
  });

  it('applied twice is the same as once, and leaves its target alone', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.jsonValue(), (target, patch) => {
        const before = JSON.stringify(target);
        const once = mergePatch(target, patch);
        expect(mergePatch(once, patch)).toEqual(once);
        expect(JSON.stringify(target)).toBe(before);
      }),
    );
  });

  it('does not reach the prototype', () => {
    const patch = JSON.parse('{"__proto__": {"polluted": true}}') as object;
    mergePatch({}, patch);
    expect({}).not.toHaveProperty('polluted');
  });
});

describe('a typed part', () => {
  it('is cleared by null and bounded at 8 KiB', () => {
    expect(mergePart('x', { a: 1 }, null)).toBeNull();
    expect(mergePart('x', null, { a: 1 })).toEqual({ a: 1 });
    expect(() => mergePart('x', { a: 'x'.repeat(8_000) }, { b: 'x'.repeat(500) })).toThrow(
      expect.objectContaining({ errors: [expect.objectContaining({ path: 'x', code: 'too_large' })] }),
    );
  });
});
