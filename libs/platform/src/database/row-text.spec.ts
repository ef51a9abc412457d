import { describe, expect, it } from '@jest/globals';
import { idsOf } from './row-text.js';

describe('values of a row as Postgres writes them', () => {
  it.each([
    ['{}', []],
    ['{a}', ['a']],
    ['{a,b}', ['a', 'b']],
  ])('the ids %s', (text, list) => expect(idsOf(text)).toEqual(list));
});
