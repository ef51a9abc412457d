import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { isWellFormed, keyHash, keyPrefix, makeKey } from './key-format.js';

const alphabet = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';

describe('API keys', () => {
  it('are well formed and different', () => {
    const keys = Array.from({ length: 500 }, makeKey);
    expect(new Set(keys).size).toBe(500);
    for (const key of keys) {
      expect(key).toMatch(/^erato_[0-9A-Za-z]{38}$/);
      expect(isWellFormed(key)).toBe(true);
    }
  });

  it('use every character about equally often', () => {
    const counts = new Map<string, number>();
    const total = 32 * 4_000;
    for (let made = 0; made < 4_000; made++) {
      for (const character of makeKey().slice(6, 38)) counts.set(character, (counts.get(character) ?? 0) + 1);
    }
    expect(counts.size).toBe(62);
    // With a bias of a plain remainder the first eight characters would come 1.24 times as often as the others.
    for (const count of counts.values()) expect(Math.abs(count / (total / 62) - 1)).toBeLessThan(0.15);
  });

  it('refuse any one changed character', () => {
    const one = { at: fc.integer({ min: 6, max: 43 }), to: fc.constantFrom(...(alphabet.match(/./g) ?? [])) };
    fc.assert(
      fc.property(fc.record(one), ({ at, to }) => {
        const key = makeKey();
        const changed = key.slice(0, at) + to + key.slice(at + 1);
        expect(isWellFormed(changed)).toBe(changed === key);
      }),
    );
  });

  it('refuse what is no key', () => {
    const key = makeKey();
    for (const wrong of [
      '',
      'erato_',
      key.slice(1),
      key.slice(0, -1),
      `${key} `,
      key.replace('erato_', 'erat0_'),
    ]) {
      expect(isWellFormed(wrong)).toBe(false);
    }
  });

  it('are recognised by twelve characters and kept as a digest', () => {
    const key = makeKey();
    expect(keyPrefix(key)).toBe(key.slice(0, 12));
    expect(keyHash(key)).toMatch(/^[0-9a-f]{64}$/);
    expect(keyHash('abc')).toBe('ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad');
  });
});
