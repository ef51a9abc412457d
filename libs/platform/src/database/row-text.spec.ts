import { describe, expect, it } from '@jest/globals';
import { idsOf, timeOf } from './row-text.js';

describe('values of a row as Postgres writes them', () => {
  it.each([
    ['2026-11-21 10:00:00+00', '2026-11-21T10:00:00.000Z'],
    ['2026-11-21 10:00:00.5+00', '2026-11-21T10:00:00.500Z'],
    ['2026-11-21 10:00:00.05+00', '2026-11-21T10:00:00.050Z'],
    ['2026-11-21 10:00:00.123+00', '2026-11-21T10:00:00.123Z'],
    ['2026-11-21 12:30:00.123+02:30', '2026-11-21T10:00:00.123Z'],
  ])('the time %s', (text, time) => expect(timeOf(text)).toBe(time));

  it.each([
    ['{}', []],
    ['{a}', ['a']],
    ['{a,b}', ['a', 'b']],
  ])('the ids %s', (text, list) => expect(idsOf(text)).toEqual(list));
});
