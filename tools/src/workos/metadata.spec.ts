import { describe, expect, it } from '@jest/globals';
import { mergeMetadata } from './metadata.js';

describe('mergeMetadata', () => {
  it('merges, and null deletes a key or everything', () => {
    expect(mergeMetadata({ a: '1', b: '2' }, { b: null, c: '3' })).toEqual({ a: '1', c: '3' });
    expect(mergeMetadata({ a: '1' }, undefined)).toEqual({ a: '1' });
    expect(mergeMetadata({ a: '1' }, null)).toEqual({});
    expect(mergeMetadata({}, JSON.parse('{"__proto__":"x"}') as Record<string, unknown>)).toHaveProperty([
      '__proto__',
    ]);
  });

  it.each([
    [{ a: 1 }],
    [{ a: 'x'.repeat(601) }],
    [{ ['k'.repeat(41)]: 'x' }],
    [Object.fromEntries(Array.from({ length: 51 }, (_, i) => [`k${i}`, 'v']))],
  ])('refuses what WorkOS refuses %#', (change) => {
    expect(() => mergeMetadata({}, change)).toThrow('invalid_metadata');
  });
});
