import { describe, expect, it } from '@jest/globals';
import { IsHexColor } from 'class-validator';
import fc from 'fast-check';
import { Failure } from '@erato/contracts/kit/failure';
import {
  Id,
  JsonObject,
  ListOf,
  Nested,
  Nullable,
  OneOf,
  Optional,
  Text,
  Timestamp,
  Whole,
  WordList,
} from '@erato/contracts/kit/fields';
import { schemaOf } from '@erato/contracts/kit/schema';
import { validatorFor } from './validator.js';

class Part {
  @Text({ min: 1, max: 5 }) name: string;
}

class Message {
  @Id() id: string;
  @Text({ max: 3 }) @Optional() word?: string;
  @Text({ max: 3 }) @Nullable() maybe: string | null;
  @Whole({ min: 1, max: 9 }) @Optional() count?: number;
  @OneOf(['a', 'b']) @Optional() kind?: 'a' | 'b';
  @WordList(['x', 'y']) @Optional() words?: string[];
  @ListOf(() => Part, { max: 2 }) @Optional() parts?: Part[];
  @Nested(() => Part) @Nullable() @Optional() part?: Part | null;
  @Timestamp() @Optional() at?: string;
  @JsonObject({ maxBytes: 20 }) @Optional() free?: object;
}

const good = { id: '01890000-0000-7000-8000-000000000000', maybe: null };
const errorsOf = (input: unknown): [string, string][] => {
  try {
    validatorFor(Message)(input);
    return [];
  } catch (error) {
    if (error instanceof Failure) return (error.errors ?? []).map(({ path, code }) => [path, code]);
    throw error;
  }
};

describe('a message’s validator', () => {
  it.each([
    [{}, 'nothing optional'],
    [
      { word: 'abc', count: 9, kind: 'b', words: ['x', 'y'], parts: [{ name: 'n' }], part: null },
      'everything',
    ],
    [{ word: '💿💿💿' }, 'a length in code points, not in UTF-16 units'],
    [{ at: '2026-03-02T09:00:00.000Z' }, 'a time in UTC'],
    [{ at: '2026-03-02T09:00:00+01:00' }, 'a time with an offset'],
  ] as [object, string][])('takes %j: %s', (more) => {
    expect(errorsOf({ ...good, ...more })).toEqual([]);
  });

  it.each([
    [{ word: null }, 'word', 'wrong_type'],
    [{ maybe: undefined }, 'maybe', 'required'],
    [{ word: 'abcd' }, 'word', 'too_long'],
    [{ count: 0 }, 'count', 'too_small'],
    [{ count: 1.5 }, 'count', 'wrong_type'],
    [{ count: '1' }, 'count', 'wrong_type'],
    [{ kind: 'c' }, 'kind', 'not_allowed'],
    [{ words: ['x', 'x'] }, 'words', 'duplicate'],
    [{ words: [] }, 'words', 'too_few'],
    [{ parts: [{ name: 'n' }, { name: '' }] }, 'parts.1.name', 'too_short'],
    [{ parts: [{ name: 'n', more: 1 }] }, 'parts.0.more', 'unknown_field'],
    [{ part: { name: 1 } }, 'part.name', 'wrong_type'],
    [{ at: '2026-03-02' }, 'at', 'malformed'],
    [{ id: 'x' }, 'id', 'malformed'],
    [{ free: { text: 'longer than twenty bytes' } }, 'free', 'too_large'],
    [{ nope: 1 }, 'nope', 'unknown_field'],
  ])('refuses %j at %s as %s', (more, path, code) => {
    expect(errorsOf(JSON.parse(JSON.stringify({ ...good, ...more })))).toContainEqual([path, code]);
  });

  it('never throws anything but a failure, whatever comes', () => {
    fc.assert(fc.property(fc.anything(), (input) => expect(Array.isArray(errorsOf(input))).toBe(true)));
  });

  it('does not come to be where a rule has no meaning as JSON Schema', () => {
    class Wrong {
      @IsHexColor() color: string;
    }
    expect(() => schemaOf(Wrong)).toThrow('"isHexColor" has no meaning as JSON Schema');
  });

  it('takes an id only in the one form in which it is stored and compared', () => {
    expect(errorsOf({ ...good, id: good.id.toUpperCase().replace('0189', '0A89') })).toEqual([
      ['id', 'malformed'],
    ]);
    expect(errorsOf({ ...good, id: `urn:uuid:${good.id}` })).toEqual([['id', 'malformed']]);
  });

  it('refuses text that the database cannot hold, wherever it stands', () => {
    expect(errorsOf({ ...good, word: 'a\0' })).toEqual([['word', 'malformed']]);
    expect(errorsOf({ ...good, parts: [{ name: '\ud800' }] })).toEqual([['parts.0.name', 'malformed']]);
    expect(errorsOf({ ...good, free: { 'a\0': 1 } })).toEqual([['free.a\0', 'malformed']]);
    expect(errorsOf({ ...good, word: '\u{1f3b5}' })).toEqual([]);
    expect(errorsOf({ ...good, word: '\\u0' })).toEqual([]);
  });
});
