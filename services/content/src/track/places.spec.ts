import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { Failure } from '@erato/contracts/kit/failure';
import { movedTo, placeOf, placesOf, type Place } from './places.js';

const songs = ['a', 'b', 'c', 'd', 'e', 'f'];
const place = fc.record({
  songId: fc.constantFrom(...songs),
  trackNumber: fc.integer({ min: 1, max: 4 }),
  discNumber: fc.integer({ min: 1, max: 2 }),
});
const keyOf = ({ discNumber, trackNumber }: Place): string => `${discNumber}.${trackNumber}`;
const isSound = (places: readonly Place[]): boolean =>
  new Set(places.map(({ songId }) => songId)).size === places.length &&
  new Set(places.map(keyOf)).size === places.length;

describe('the places of an album', () => {
  it('are taken as they are given, where no song and no number is there twice', () => {
    fc.assert(
      fc.property(fc.array(place, { maxLength: 6 }), (given) => {
        if (isSound(given)) expect(placesOf(given)).toEqual(given);
        else expect(() => placesOf(given)).toThrow(Failure);
      }),
    );
    expect(placesOf([{ songId: 'a', trackNumber: 3 }])).toEqual([
      { songId: 'a', trackNumber: 3, discNumber: 1 },
    ]);
  });

  it('stay sound whatever is added and moved', () => {
    const step = fc.record({ move: fc.boolean(), to: place, open: fc.boolean() });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 20 }), (steps) => {
        let standing: Place[] = [];
        for (const { move, to, open } of steps) {
          try {
            if (move) {
              const moved = movedTo(standing, to);
              expect(moved === null).toBe(!standing.some(({ songId }) => songId === to.songId));
              if (moved) standing = [...standing.filter(({ songId }) => songId !== to.songId), moved];
            } else {
              const { songId, discNumber } = to;
              standing = [...standing, placeOf(standing, open ? { songId, discNumber } : to)];
            }
          } catch (error) {
            expect(error).toMatchObject({ kind: 'conflict' });
          }
          expect(isSound(standing)).toBe(true);
        }
      }),
    );
  });

  it('of one more is behind the last of its disc, up to 500', () => {
    const standing = Array.from({ length: 499 }, (_, at) => ({
      songId: String(at),
      trackNumber: 2 * at + 1,
      discNumber: 1 + (at % 2),
    }));
    expect(placeOf(standing, { songId: 'x' })).toEqual({ songId: 'x', trackNumber: 998, discNumber: 1 });
    expect(placeOf(standing, { songId: 'x', discNumber: 3 })).toMatchObject({ trackNumber: 1 });
    const end = [{ songId: 'y', trackNumber: 999, discNumber: 1 }];
    expect(() => placeOf(end, { songId: 'x' })).toThrow(expect.objectContaining({ code: 'track_taken' }));
    const full = [...standing, { songId: 'y', trackNumber: 1, discNumber: 9 }];
    expect(() => placeOf(full, { songId: 'x' })).toThrow(
      expect.objectContaining({ code: 'too_many_tracks' }),
    );
  });
});
