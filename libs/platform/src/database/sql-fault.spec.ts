import { describe, expect, it } from '@jest/globals';
import { asFailure } from './sql-fault.js';

const fault = (code: string): Error => Object.assign(new Error('x'), { code });

describe('what a fault of the database means for the caller', () => {
  it.each([
    ['08006', 'unavailable'],
    ['57P01', 'unavailable'],
    ['ECONNREFUSED', 'unavailable'],
    ['57014', 'timeout'],
    ['55P03', 'timeout'],
    ['40P01', 'unavailable'],
    ['40001', 'unavailable'],
  ])('%s is %s', (code, kind) => {
    expect(asFailure(fault(code))).toMatchObject({ name: 'Failure', kind });
  });

  it('anything else stays as it is', () => {
    const breach = fault('23505');
    expect(asFailure(breach)).toBe(breach);
  });
});
