import { describe, expect, it, jest } from '@jest/globals';
import { Ids } from './ids.js';

describe('Ids', () => {
  it('sorts in the order of making, also within one millisecond', () => {
    const ids = new Ids();
    const made = Array.from({ length: 5000 }, () => ids.next('event'));
    expect([...made].sort()).toEqual(made);
    expect(new Set(made).size).toBe(made.length);
    expect(made[0]).toMatch(/^event_[0-9A-HJKMNP-TV-Z]{26}$/);
  });

  it('sorts after an id of an earlier run when the clock went back', () => {
    const before = new Ids().next('user');
    const now = jest.spyOn(Date, 'now').mockReturnValue(Date.now() - 3_600_000);
    try {
      const ids = new Ids();
      ids.observe(before);
      ids.observe('no id at all');
      expect(ids.next('user') > before).toBe(true);
    } finally {
      now.mockRestore();
    }
  });
});
