import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { page } from './page.js';

const rows = (n: number) =>
  Array.from({ length: n }, (_, i) => ({ id: `user_${String(i).padStart(4, '0')}` }));
const query = (over: Partial<Parameters<typeof page>[1]> = {}) => ({
  limit: undefined,
  order: undefined,
  before: undefined,
  after: undefined,
  ...over,
});
const ids = (result: { data: readonly { id: string }[] }) => result.data.map((row) => row.id);
const show = (row: { id: string }) => row;

describe('page', () => {
  it('is ten rows, newest first, unless said otherwise', () => {
    const first = page(rows(25), query(), 'user', show);
    expect(first.data).toHaveLength(10);
    expect(ids(first)[0]).toBe('user_0024');
    expect(first.list_metadata).toEqual({ before: null, after: 'user_0015' });
  });

  it('yields every row once, forwards and backwards, in each order', () => {
    fc.assert(
      fc.property(
        fc.nat(60),
        fc.integer({ min: 1, max: 20 }),
        fc.constantFrom('asc' as const, 'desc' as const),
        (n, limit, order) => {
          const all = rows(n);
          const expected = order === 'asc' ? all.map((r) => r.id) : all.map((r) => r.id).reverse();
          const forwards: string[] = [];
          let last = page(all, query({ limit, order }), 'user', show);
          forwards.push(...ids(last));
          while (last.list_metadata.after !== null) {
            last = page(all, query({ limit, order, after: last.list_metadata.after }), 'user', show);
            forwards.push(...ids(last));
          }
          const backwards = ids(last);
          while (last.list_metadata.before !== null) {
            last = page(all, query({ limit, order, before: last.list_metadata.before }), 'user', show);
            backwards.unshift(...ids(last));
          }
          expect(forwards).toEqual(expected);
          expect(backwards).toEqual(expected);
        },
      ),
    );
  });

  it('exchanges the cursors in the order "normal"', () => {
    const all = rows(5);
    const newest = page(all, query({ limit: 2, order: 'normal' }), 'user', show);
    expect(ids(newest)).toEqual(['user_0004', 'user_0003']);
    expect(newest.list_metadata).toEqual({ before: 'user_0003', after: null });
    expect(ids(page(all, query({ limit: 2, order: 'normal', before: 'user_0003' }), 'user', show))).toEqual([
      'user_0002',
      'user_0001',
    ]);
  });

  it('goes on after a row that was deleted since', () => {
    const left = rows(5).filter((row) => row.id !== 'user_0002');
    expect(ids(page(left, query({ after: 'user_0002', order: 'asc' }), 'user', show))).toEqual([
      'user_0003',
      'user_0004',
    ]);
    expect(ids(page(left, query({ before: 'user_0002', order: 'asc' }), 'user', show))).toEqual([
      'user_0000',
      'user_0001',
    ]);
  });

  it('refuses a cursor of another kind, and two at once', () => {
    expect(() => page(rows(3), query({ after: 'org_1' }), 'user', show)).toThrow('after_invalid');
    expect(() => page(rows(3), query({ after: 'user_1', before: 'user_2' }), 'user', show)).toThrow(
      'before_and_after',
    );
  });
});
