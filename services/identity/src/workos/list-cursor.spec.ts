import { describe, expect, it } from '@jest/globals';
import { ListCursor } from './list-cursor.js';

const list = ['users', undefined, '-createdAt'];

describe('a cursor of WorkOS', () => {
  it('comes back as it went', () => {
    const { meta } = new ListCursor({ limit: 5 }, list).page([], { after: 'user_01ABC', before: null }, 7);
    expect(meta).toMatchObject({ limit: 5, before: null, total: 7 });
    const next = new ListCursor({ limit: 5, after: meta.after ?? '' }, list);
    expect(next.options).toEqual({ limit: 5, after: 'user_01ABC' });
  });

  it('is refused by another list, when altered, and beside another one', () => {
    const { meta } = new ListCursor({}, list).page([], { after: 'user_01ABC' });
    const after = meta.after ?? '';
    const refused = expect.objectContaining({ code: 'cursor_invalid' });
    expect(() => new ListCursor({ after }, ['users', 'x', '-createdAt']).options).toThrow(refused);
    for (const wrong of ['', 'x', Buffer.from('["workos"]').toString('base64url'), `${after}x`.slice(3)]) {
      expect(() => new ListCursor({ after: wrong }, list).options).toThrow(refused);
    }
    expect(() => new ListCursor({ after, before: after }, list)).toThrow(refused);
  });
});
