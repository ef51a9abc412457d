import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { excerptOf, longestExcerpt } from './excerpt.js';

const length = (text: string): number => Array.from(text).length;

describe('an excerpt', () => {
  it('is the whole of a short text', () => {
    expect(excerptOf('  We are\n\non  tour. ')).toBe('We are on tour.');
  });

  it('ends with a word', () => {
    const text = 'word '.repeat(100).trim();
    expect(excerptOf(text)).toBe('word '.repeat(64).trim());
    expect(excerptOf(`xx${text}`)).toBe(`xxword ${'word '.repeat(62).trim()}`);
  });

  it('cuts a word that is too long, never a code point', () => {
    expect(excerptOf('🎵'.repeat(400))).toBe('🎵'.repeat(320));
  });

  it('is null of nothing', () => {
    expect(excerptOf(' \n\t ')).toBeNull();
  });

  it('is the beginning of the text, at most 320 code points, and ends where a word does', () => {
    const word = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 40 });
    fc.assert(
      fc.property(fc.array(word, { minLength: 1, maxLength: 120 }), (words) => {
        const plain = words.join(' ').replaceAll(/\s+/gu, ' ').trim();
        const excerpt = excerptOf(words.join('  ')) ?? '';
        expect(plain.startsWith(excerpt)).toBe(true);
        expect(length(excerpt)).toBeLessThanOrEqual(longestExcerpt);
        const next = plain.slice(excerpt.length);
        expect(next === '' || next.startsWith(' ') || !excerpt.includes(' ')).toBe(true);
      }),
    );
  });
});
