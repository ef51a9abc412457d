import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { RateLimiter } from './rate-limiter.js';

describe('the rate limiter', () => {
  it('grants a burst of four seconds’ worth, then refuses and says when', () => {
    const limiter = new RateLimiter(5);
    for (let request = 0; request < 20; request++) expect(limiter.take('a', 1_000).allowed).toBe(true);
    expect(limiter.take('a', 1_000)).toEqual({ allowed: false, remaining: 0, retryAfter: 1 });
    expect(limiter.take('b', 1_000).allowed).toBe(true);
    expect(limiter.take('a', 1_200).allowed).toBe(true);
  });

  it('counts what was given back as if it had not been', () => {
    const limiter = new RateLimiter(5);
    for (let request = 0; request < 100; request++) {
      expect(limiter.take('a', 1_000).allowed).toBe(true);
      limiter.giveBack('a');
    }
    limiter.giveBack('nobody');
    for (let request = 0; request < 20; request++) expect(limiter.take('a', 1_000).allowed).toBe(true);
    expect(limiter.take('a', 1_000).allowed).toBe(false);
  });

  it('never grants more than the burst and the rate together, whatever the times', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 50 }),
        fc.array(fc.integer({ min: 0, max: 400 }), { minLength: 1, maxLength: 300 }),
        (perSecond, gaps) => {
          const limiter = new RateLimiter(perSecond);
          let now = 0;
          let granted = 0;
          for (const gap of gaps) {
            now += gap;
            if (limiter.take('a', now).allowed) granted++;
          }
          expect(granted).toBeLessThanOrEqual(perSecond * 4 + (now / 1_000) * perSecond + 1);
        },
      ),
    );
  });
});
