import { expect, it } from '@jest/globals';
import fc from 'fast-check';
import { objectKey } from '../facts.js';
import { Kept } from './kept.js';
import { RevisionTrack } from './revision-track.js';

const anyRef = fc.record({
  type: fc.constantFrom('workspace', 'resource', 'user'),
  id: fc.constantFrom('a', 'b'),
});
const anyStep = fc.record({ ref: anyRef, revision: fc.nat(20), drops: fc.boolean() });

it('tells objects of one id apart by their types, whatever is kept and dropped', () => {
  fc.assert(
    fc.property(fc.array(anyStep, { maxLength: 30 }), (steps) => {
      const kept = new Kept<{ said: number }>(new RevisionTrack(), {
        ...{ maxEntries: 100, maxWeight: 100, weight: () => 0 },
      });
      const known = new Map<string, number>();
      const dropped = new Map<string, number>();
      for (const [at, { ref, revision, drops }] of steps.entries()) {
        const key = objectKey(ref);
        if (drops) {
          kept.drop(ref, revision);
          dropped.set(key, Math.max(revision, dropped.get(key) ?? 0));
          if ((known.get(key) ?? revision) < revision) known.delete(key);
        } else {
          const isNews = revision >= (dropped.get(key) ?? 0);
          expect(kept.keep(ref, { value: { said: at }, revision, askedAt: 0 })).toBe(isNews);
          if (isNews) known.set(key, Math.max(revision, known.get(key) ?? 0));
        }
        for (const type of ['workspace', 'resource', 'user']) {
          for (const id of ['a', 'b'])
            expect(kept.get({ type, id }, 0, undefined)?.revision).toBe(known.get(`${type}:${id}`));
        }
      }
    }),
  );
});

it('counts all that stands under an id when it makes room', () => {
  const kept = new Kept(new RevisionTrack(), { maxEntries: 100, maxWeight: 4, weight: () => 0 });
  const keep = (type: string, id: string) => kept.keep({ type, id }, { value: {}, revision: 1, askedAt: 0 });
  for (const type of ['workspace', 'resource', 'user']) keep(type, 'a');
  keep('user', 'b');
  expect(kept.get({ type: 'user', id: 'a' }, 0, undefined)).toBeDefined();
  keep('user', 'c');
  expect(kept.get({ type: 'user', id: 'a' }, 0, undefined)).toBeUndefined();
  expect(kept.get({ type: 'user', id: 'b' }, 0, undefined)).toBeDefined();
});
