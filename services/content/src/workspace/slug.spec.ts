import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { anotherSlug, reservedSlugs, slugOf } from './slug.js';

describe('a slug', () => {
  it.each([
    ['Night Ferry', 'night-ferry'],
    ['  Sigur Rós!  ', 'sigur-ros'],
    ['Motörhead & Größe', 'motorhead-grosse'],
    ['Røyksopp', 'royksopp'],
    ['AC/DC', 'ac-dc'],
    ['Search', 'workspace-search'],
    ['X', 'workspace-x'],
    ['東京事変', 'workspace'],
  ])('of %j is %j', (name, slug) => {
    expect(slugOf(name)).toBe(slug);
  });

  it('is one whatever the name', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', minLength: 1, maxLength: 100 }), (name) => {
        for (const slug of [slugOf(name), anotherSlug(slugOf(name))]) {
          expect(slug).toMatch(/^[a-z0-9](?:[a-z0-9-]{0,48}[a-z0-9])$/);
          expect(reservedSlugs.has(slug)).toBe(false);
        }
      }),
    );
  });
});
