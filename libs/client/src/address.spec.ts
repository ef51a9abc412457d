import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { addressOf } from './address.js';

describe('an address', () => {
  it('leads where its parameters say, whatever text they are', () => {
    const id = fc.string({ minLength: 1, unit: 'grapheme' }).filter((text) => text !== '.' && text !== '..');
    fc.assert(
      fc.property(id, id, (first, second) => {
        const path = addressOf('/v1/teams/{id}/members/{userId}', { path: { id: first, userId: second } });
        const parts = new URL(path, 'http://localhost').pathname.split('/').map(decodeURIComponent);
        expect(parts).toEqual(['', 'v1', 'teams', first, 'members', second]);
      }),
    );
  });

  it.each(['', '.', '..'])('refuses %p, which is another path', (id) => {
    expect(() => addressOf('/v1/users/{id}', { path: { id } })).toThrow(TypeError);
  });

  it('refuses a path without its parameter', () => {
    expect(() => addressOf('/v1/users/{id}', {})).toThrow('id');
  });

  it('writes lists with commas and leaves out what is undefined', () => {
    const query = { type: ['post', 'status'], q: 'a&b=c', limit: 5, after: undefined };
    expect(addressOf('/v1/resources', { query })).toBe(
      '/v1/resources?type=post%2Cstatus&q=a%26b%3Dc&limit=5',
    );
  });
});
