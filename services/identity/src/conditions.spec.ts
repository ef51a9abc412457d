import { describe, expect, it } from '@jest/globals';
import { Conditions } from './conditions.js';

describe('conditions', () => {
  it('number their parameters in order', () => {
    const where = new Conditions('x IS NULL');
    where.and('a = ?', 1);
    where.and('b BETWEEN ? AND ?', 2, 3);
    where.and('c');
    expect(where.text).toBe('x IS NULL AND (a = $1) AND (b BETWEEN $2 AND $3) AND (c)');
    expect(where.values).toEqual([1, 2, 3]);
    expect(where.next).toBe(4);
  });
});
