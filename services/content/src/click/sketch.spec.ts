import { createHash } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { addTo, emptySketch, estimate, mergeInto, registers } from './sketch.js';

const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
function sketchOf(visitors: readonly string[]): Uint8Array {
  const sketch = emptySketch();
  for (const visitor of visitors) addTo(sketch, digest(visitor));
  return sketch;
}
const many = (from: number, to: number): string[] =>
  Array.from({ length: to - from }, (_, n) => `visitor ${from + n}`);

describe('a sketch of visitors', () => {
  it.each([0, 1, 2, 10, 100, 1_000, 20_000])('estimates %i of them', (count) => {
    const estimated = estimate(sketchOf(many(0, count)));
    expect(Math.abs(estimated - count)).toBeLessThanOrEqual(Math.round(count * 0.15));
  });

  it('counts nobody twice, and stays as small as it is', () => {
    const once = sketchOf(many(0, 300));
    expect(sketchOf([...many(0, 300), ...many(0, 300)])).toEqual(once);
    expect(once).toHaveLength(registers);
  });

  it('of two halves, however they overlap, is the sketch of the whole, and grows with what it sees', () => {
    const visitors = fc.array(fc.string({ minLength: 1, maxLength: 4 }), { maxLength: 200 });
    fc.assert(
      fc.property(visitors, visitors, (one, other) => {
        const merged = sketchOf(one);
        mergeInto(merged, sketchOf(other));
        expect(merged).toEqual(sketchOf([...one, ...other]));
        expect(estimate(merged)).toBeGreaterThanOrEqual(estimate(sketchOf(one)));
      }),
    );
  });
});
