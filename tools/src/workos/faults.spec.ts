import { describe, expect, it } from '@jest/globals';
import { Faults } from './faults.js';

describe('Faults', () => {
  it('hits what matches method and prefix, as often as told', () => {
    const faults = new Faults();
    faults.add({ kind: 'drop', method: 'POST', path: '/organizations', times: 2 });
    expect(faults.take('GET', '/organizations')).toBeUndefined();
    expect(faults.take('POST', '/users')).toBeUndefined();
    expect(faults.take('POST', '/organizations')?.kind).toBe('drop');
    expect(faults.take('POST', '/organizations/org_1')?.kind).toBe('drop');
    expect(faults.take('POST', '/organizations')).toBeUndefined();
  });

  it('takes the prefix as plain text', () => {
    const faults = new Faults();
    faults.add({ kind: 'drop', path: '/a.*' });
    expect(faults.take('GET', '/abc')).toBeUndefined();
    expect(faults.take('GET', '/a.*b')).toBeDefined();
  });

  it('stays until cleared without times, and never hits at rate 0', () => {
    const faults = new Faults();
    faults.add({ kind: 'drop', path: '/', rate: 0 });
    const id = faults.add({ kind: 'silence', path: '/' });
    expect(faults.take('GET', '/')?.kind).toBe('silence');
    expect(faults.list()).toHaveLength(2);
    faults.clear(id);
    expect(faults.take('GET', '/')).toBeUndefined();
    faults.clear();
    expect(faults.list()).toEqual([]);
  });
});
