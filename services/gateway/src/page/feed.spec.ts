import { DOMParser, type Element } from '@xmldom/xmldom';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { atomOf } from './feed.js';

const at = '2026-11-14T18:00:00.000Z';
const later = '2026-11-15T18:00:00.000Z';
const workspace = {
  ...{
    id: '0197c1f0-7a2b-7c3d-8e4f-5a6b7c8d9e0f',
    name: 'Polar Night',
    slug: 'polar-night',
    description: null,
  },
  ...{
    kind: 'artist' as const,
    ownerType: 'user' as const,
    ownerId: 'user_1',
    avatarUrl: null,
    bannerUrl: null,
  },
  ...{ themeConfig: null, visibility: 'public' as const, createdAt: at, updatedAt: at, version: 1 },
};
const entry = {
  ...{
    id: '0197c1f1-3b4c-7d5e-9f60-718293a4b5c6',
    shortId: 'XgrzJe9xUm',
    type: 'post' as const,
    title: 'First light',
  },
  ...{
    excerpt: 'It is out.',
    duration: null,
    publishedAt: at,
    updatedAt: later,
    bodyHtml: '<p>It is <strong>out</strong>.</p>',
  },
};
const meta = { limit: 20, after: null, before: null };

/** Read by a real parser, which refuses what is not well-formed. */
function read(xml: string): Element {
  const refuse = (_: string, message: string): never => {
    throw new Error(message);
  };
  const root = new DOMParser({ onError: refuse }).parseFromString(xml, 'text/xml').documentElement;
  if (!root) throw new Error('no root');
  return root;
}
const children = (of: Element, name: string): Element[] =>
  [...of.getElementsByTagNameNS('http://www.w3.org/2005/Atom', name)].filter(
    (each) => each.parentNode === of,
  );
const text = (of: Element, name: string): string | null | undefined => children(of, name)[0]?.textContent;

describe('a feed', () => {
  it('says what Atom wants of it, with ids that stay', () => {
    const feed = read(atomOf({ workspace, entries: { data: [entry], meta } }, 'https://music.example'));
    expect(text(feed, 'id')).toBe(`urn:uuid:${workspace.id}`);
    expect(text(feed, 'updated')).toBe(later);
    const links = children(feed, 'link').map((link) => [link.getAttribute('rel'), link.getAttribute('href')]);
    expect(links).toEqual([
      ['self', 'https://music.example/@polar-night/feed.xml'],
      ['alternate', 'https://music.example/@polar-night'],
    ]);
    const [author] = children(feed, 'author');
    expect(author && text(author, 'name')).toBe('Polar Night');
    const [first] = children(feed, 'entry');
    if (!first) throw new Error('no entry');
    expect(text(first, 'id')).toBe(`urn:uuid:${entry.id}`);
    expect([text(first, 'title'), text(first, 'published'), text(first, 'updated')]).toEqual([
      'First light',
      at,
      later,
    ]);
    expect(children(first, 'link')[0]?.getAttribute('href')).toBe('https://music.example/r/XgrzJe9xUm');
    expect(children(first, 'content')[0]?.getAttribute('type')).toBe('html');
    expect(text(first, 'content')).toBe(entry.bodyHtml);
  });

  it('is well-formed whatever it tells', () => {
    const any = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.constantFrom(']]>', '<!--', '&nbsp;', '\u0000\u000b\ufffe'),
    );
    fc.assert(
      fc.property(
        any,
        fc.option(any, { nil: null }),
        fc.option(any, { nil: null }),
        (name, excerpt, bodyHtml) => {
          const data = [{ ...entry, title: excerpt, excerpt: name, bodyHtml }];
          read(
            atomOf(
              { workspace: { ...workspace, name, description: excerpt }, entries: { data, meta } },
              'https://music.example',
            ),
          );
        },
      ),
    );
  });
});
