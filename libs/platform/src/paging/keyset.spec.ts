import { describe, expect, it } from '@jest/globals';
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
