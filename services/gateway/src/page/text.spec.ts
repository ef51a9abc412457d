import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { escapeText } from '@erato/platform/html/markup';
import { clip } from './clip.js';
import { clockOf, isoDuration } from './duration.js';

describe('a clipped text', () => {
  it('takes no more bytes than it may, and begins as the text does', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'grapheme', maxLength: 200 }),
        fc.integer({ min: 10, max: 300 }),
        (text, bytes) => {
          const clipped = clip(text, bytes);
          expect(Buffer.byteLength(escapeText(clipped))).toBeLessThanOrEqual(bytes);
          if (clipped !== text)
            expect(clipped.endsWith('…') && text.startsWith(clipped.slice(0, -1))).toBe(true);
        },
      ),
    );
  });

  it('ends with a word where one is near', () => {
    expect(clip('Three weeks, one microphone', 20)).toBe('Three weeks, one…');
    expect(clip('Northbound', 10)).toBe('Northbound');
  });
});

describe('a duration', () => {
  it('is written for people and for machines', () => {
    expect([0, 7, 187, 3_729, 86_400].map(clockOf)).toEqual(['0:00', '0:07', '3:07', '1:02:09', '24:00:00']);
    expect([0, 7, 187, 3_600, 3_729].map(isoDuration)).toEqual([
      'PT0S',
      'PT7S',
      'PT3M7S',
      'PT1H',
      'PT1H2M9S',
    ]);
  });
});
