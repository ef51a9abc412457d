import { describe, expect, it } from '@jest/globals';
import { changedFields } from './patch.js';

describe('changed fields', () => {
  it('are those that differ; absent ones are none', () => {
    const current = { a: 1, b: { c: [1] }, d: null as string | null };
    expect(changedFields(current, { a: 1, b: { c: [1] }, d: null })).toEqual({});
    expect(changedFields(current, { a: 2, d: 'x' })).toEqual({ a: 2, d: 'x' });
    expect(changedFields(current, {})).toEqual({});
  });
});
