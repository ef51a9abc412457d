import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { mayRepeat, RetryBudget, retryAfterOf, waitBefore, type Outcome } from './retry.js';

const methods = fc.constantFrom('GET', 'PUT', 'DELETE', 'POST', 'PATCH');
const passing = fc.constantFrom(undefined, 429, 502, 503, 504);
const final = fc.constantFrom(400, 401, 403, 404, 409, 410, 412, 413, 415, 500);

describe('what may be repeated', () => {
  it('is never a POST without a key', () => {
    fc.assert(
      fc.property(fc.oneof(passing, final), (status) => {
        expect(mayRepeat({ method: 'POST', keyed: false }, { status })).toBe(false);
      }),
    );
  });

  it('is what is idempotent, after what passes', () => {
    fc.assert(
      fc.property(fc.constantFrom('GET', 'PUT', 'DELETE'), passing, fc.boolean(), (method, status, keyed) => {
        expect(mayRepeat({ method, keyed }, { status })).toBe(true);
      }),
    );
  });

  it('is nothing after what stays so', () => {
    fc.assert(
      fc.property(methods, final, fc.boolean(), (method, status, keyed) => {
        expect(mayRepeat({ method, keyed }, { status })).toBe(false);
      }),
    );
  });

  it.each<[string, boolean, Outcome, boolean]>([
    ['POST', true, { status: 503 }, true],
    ['POST', true, { status: undefined }, true],
    ['POST', true, { status: 409, code: 'idempotency_in_progress' }, true],
    ['POST', true, { status: 409, code: 'idempotency_conflict' }, false],
    ['PATCH', false, { status: 429 }, true],
    ['PATCH', false, { status: 503 }, false],
    ['PATCH', false, { status: undefined }, false],
  ])('%s with a key %s after %p: %s', (method, keyed, outcome, expected) => {
    expect(mayRepeat({ method, keyed }, outcome)).toBe(expected);
  });
});

describe('the wait', () => {
  it('is never shorter than what the server asked for, nor longer than that and the cap', () => {
    const attempt = fc.integer({ min: 1, max: 40 });
    const asked = fc.option(fc.integer({ min: 0, max: 60_000 }), { nil: undefined });
    fc.assert(
      fc.property(
        attempt,
        asked,
        fc.double({ min: 0, max: 0.999, noNaN: true }),
        (n, retryAfterMs, random) => {
          const wait = waitBefore(
            n,
            { status: 429, retryAfterMs },
            { baseMs: 100, capMs: 1_000 },
            () => random,
          );
          expect(wait).toBeGreaterThanOrEqual(retryAfterMs ?? 0);
          expect(wait).toBeLessThanOrEqual((retryAfterMs ?? 0) + 1_000);
        },
      ),
    );
  });

  it('spreads over a span that doubles', () => {
    const longest = [1, 2, 3, 4, 5].map((n) =>
      waitBefore(n, { status: 503 }, { baseMs: 100, capMs: 1_000 }, () => 1),
    );
    expect(longest).toEqual([100, 200, 400, 800, 1_000]);
    expect(waitBefore(3, { status: 503 }, {}, () => 0)).toBe(0);
  });
});

describe('Retry-After', () => {
  const now = Date.parse('2026-03-01T12:00:00Z');

  it.each([
    ['3', 3_000],
    [' 0 ', 0],
    ['Sun, 01 Mar 2026 12:00:05 GMT', 5_000],
    ['Sun, 01 Mar 2026 11:00:00 GMT', 0],
    ['soon', undefined],
    [null, undefined],
  ])('%p is %p', (value, expected) => {
    expect(retryAfterOf(value, now)).toBe(expected);
  });
});

describe('the budget', () => {
  it('ends after ten, and grows again with successes, up to ten', () => {
    const budget = new RetryBudget();
    for (let i = 0; i < 100; i++) budget.give();
    const taken = Array.from({ length: 12 }, () => budget.take());
    expect(taken.filter(Boolean)).toHaveLength(10);
    for (let i = 0; i < 9; i++) budget.give();
    expect(budget.take()).toBe(false);
    for (let i = 0; i < 2; i++) budget.give();
    expect(budget.take()).toBe(true);
  });
});
