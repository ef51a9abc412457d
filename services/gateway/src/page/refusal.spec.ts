import { describe, expect, it } from '@jest/globals';
import { isBelowPages, takesPages } from './refusal.js';

describe('who is answered with a page', () => {
  it.each([
    ['text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8', true],
    ['application/xml, TEXT/HTML;charset=utf-8', true],
    ['application/xhtml+xml;q=0.1', true],
    ['text/html;q=0, application/json', false],
    ['text/html; q=0.0', false],
    ['*/*', false],
    ['text/*', false],
    ['application/json', false],
    ['application/atom+xml, */*;q=0.1', false],
    ['', false],
    [undefined, false],
  ])('by Accept: %s → %s', (accept, expected) => {
    expect(takesPages({ headers: accept === undefined ? {} : { accept } })).toBe(expected);
  });

  it('is one who asks below the pages', () => {
    for (const path of ['/@a', '/@', '/@a/b/c', '/r', '/r/', '/r/a/1/2'])
      expect([path, isBelowPages(path)]).toEqual([path, true]);
    for (const path of ['/', '/v1/resources', '/robots.txt', '/rr', '/a@b'])
      expect([path, isBelowPages(path)]).toEqual([path, false]);
  });
});
