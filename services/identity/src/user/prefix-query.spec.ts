import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { prefixQuery } from './prefix-query.js';

describe('a search by beginnings', () => {
  it('asks for every word', () => {
    expect(prefixQuery('Ana Lim')).toBe(`'ana':* & 'lim':*`);
    expect(prefixQuery('ana_l')).toBe(`'ana':* & 'l':*`);
    expect(prefixQuery('Žižek')).toBe(`'žižek':*`);
    expect(prefixQuery(' & | ! ')).toBe('');
  });

  it('is never anything but quoted words', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (q) => {
        expect(prefixQuery(q)).toMatch(/^(?:'[\p{L}\p{N}]+':\*(?: & '[\p{L}\p{N}]+':\*){0,9})?$/u);
      }),
    );
  });
});
