import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { Keyset, type Sort } from './keyset.js';

const sort: Sort = { column: 'at', descending: false, type: 'timestamptz' };
const id = '01890000-0000-7000-8000-000000000000';

describe('the time in a cursor', () => {
  const cursorAt = (value: string): string =>
    new Keyset({ limit: 1 }, ['list'], sort, 1).page(
      [value, value],
      (time) => ({ value: time, id }),
      (time) => time,
    ).meta.after ?? '';

  it.each(['9999-99-99T99:99:99.999Z', '2026-02-30T00:00:00.000Z', '0000-01-01T00:00:00.000Z'])(
    'is refused here, not by Postgres, where no calendar has it: %s',
    (time) => {
      expect(() => new Keyset({ after: cursorAt(time) }, ['list'], sort, 1)).toThrow(
        expect.objectContaining({ code: 'cursor_invalid' }),
      );
    },
  );

  it('is taken where there is such a time', () => {
    const { values } = new Keyset({ after: cursorAt('2024-02-29T23:59:59.999Z') }, ['list'], sort, 1);
    expect(values).toEqual(['2024-02-29T23:59:59.999Z', id]);
  });
});

describe('the list for which a cursor was made', () => {
  const cursorFor = (list: readonly unknown[]): string =>
    new Keyset({ limit: 1 }, list, sort, 1).page(
      ['2024-02-29T23:59:59.999Z', '2024-02-29T23:59:59.999Z'],
      (time) => ({ value: time, id }),
      (time) => time,
    ).meta.after ?? '';
  const fits = (made: readonly unknown[], given: readonly unknown[]): boolean => {
    try {
      return new Keyset({ after: cursorFor(made) }, given, sort, 1).values.length > 0;
    } catch {
      return false;
    }
  };
  const filter = fc.dictionary(
    fc.constantFrom('type', 'status', 'q', 'ownerId', 'sort'),
    fc.oneof(fc.string(), fc.uniqueArray(fc.string(), { minLength: 1, maxLength: 4 })),
  );

  it('is the same in whatever order its filters and their values are named', () => {
    const turned = (given: Record<string, string | string[]>): object =>
      Object.fromEntries(
        Object.entries(given)
          .reverse()
          .map(([name, value]) => [name, Array.isArray(value) ? value.toReversed() : value]),
      );
    fc.assert(fc.property(filter, (given) => fits(['list', given], ['list', turned(given)])));
  });

  it('is another with another filter, value, or route', () => {
    fc.assert(
      fc.property(filter, fc.string(), (given, value) => {
        const q = `${String(given['q'])}${value}.`;
        expect(fits(['list', given], ['list', { ...given, q }])).toBe(false);
        expect(fits(['list', given], ['profile', given])).toBe(false);
      }),
    );
    expect(fits(['list', ['a', null]], ['list', [null, 'a']])).toBe(false);
  });
});
