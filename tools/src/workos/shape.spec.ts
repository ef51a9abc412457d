import { describe, expect, it } from '@jest/globals';
import { ApiError } from './api-error.js';
import { csv, email, integer, list, nullable, object, oneOf, optional, shape, text } from './shape.js';

const read = shape({
  email,
  name: optional(nullable(text(5))),
  limit: optional(integer(1, 100)),
  kinds: optional(csv(oneOf('a', 'b'))),
  parts: optional(list(object({ id: text() }))),
});
const errorsOf = (input: unknown): unknown => {
  try {
    read(input);
  } catch (error) {
    if (error instanceof ApiError) return error.body['errors'];
  }
  return undefined;
};

describe('shape', () => {
  it('reads what is there, and tells absent from null', () => {
    expect(read({ email: 'Ada@Example.COM', name: null, limit: '7', kinds: ['a,b', 'a'] })).toEqual({
      email: 'ada@example.com',
      name: null,
      limit: 7,
      kinds: ['a', 'b', 'a'],
      parts: undefined,
    });
  });

  it('tells all that is wrong at once, unknown fields too', () => {
    expect(errorsOf({ limit: '1e2', kinds: 'c', other: 1, parts: [{ id: 'x', more: 1 }] })).toEqual(
      expect.arrayContaining([expect.objectContaining({ field: 'more', code: 'unknown_parameter' })]),
    );
    expect(errorsOf({ limit: '1e2', kinds: 'c', other: 1, name: '123456' })).toMatchObject([
      { field: 'other', code: 'unknown_parameter' },
      { field: 'email', code: 'email_required' },
      { field: 'name', code: 'name_too_long' },
      { field: 'limit', code: 'limit_out_of_range' },
      { field: 'kinds', code: 'kinds_invalid' },
    ]);
  });

  it.each([['[]'], ['"x"'], ['null']])('refuses a body that is %s', (json) => {
    expect(errorsOf(JSON.parse(json))).toEqual(
      expect.arrayContaining([expect.objectContaining({ code: 'object_required' })]),
    );
  });

  it.each(['a', 'a@b', 'a@b@c.d', '@b.c', 'a@.c', 'a@b.', 'a b@c.d', 'a@b..c', '<a@b.c>'])(
    'refuses the address %s',
    (address) => {
      expect(errorsOf({ email: address })).toMatchObject([{ code: 'email_invalid' }]);
    },
  );

  it('does not take what an object inherits for a field', () => {
    expect(errorsOf(JSON.parse('{"email":"a@b.c","__proto__":{"limit":0},"constructor":1}'))).toMatchObject([
      { field: '__proto__' },
      { field: 'constructor' },
    ]);
  });
});
