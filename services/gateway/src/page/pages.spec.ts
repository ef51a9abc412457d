import { createHash } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { defaultTreeAdapter as tree, parse, type DefaultTreeAdapterTypes as Dom } from 'parse5';
import {
  maxPageAlbums,
  type PageAuthor,
  type PageEntry,
  type PageTrack,
  type ResourcePage,
  type WorkspacePage,
} from '@erato/contracts/content/page';
import type { Resource } from '@erato/contracts/content/resource';
import { escapeText } from '@erato/platform/html/markup';
import { linkKinds, type Link } from '@erato/contracts/content/link';
import { resourceTypes } from '@erato/contracts/content/resource-parts';
import { workspaceKinds } from '@erato/contracts/content/workspace';
import type { Document } from './document.js';
import { errorPage } from './error-page.js';
import { profilePage } from './profile-page.js';
import { resourcePage } from './resource-page.js';

const origin = 'https://music.example';
const at = '2026-11-14T18:00:00.000Z';
const id = '0197c1f0-7a2b-7c3d-8e4f-5a6b7c8d9e0f';
const shortId = 'XgrzJe9xUm';

/** What somebody writes who means harm, or nothing at all. */
const hostile = fc.constantFrom(
  '<script>alert(1)</script>',
  '"><img src=x onerror=alert(1)>',
  `' onmouseover='alert(1)`,
  '</title><svg/onload=alert(1)>',
  '</script><script>alert(1)</script>',
  '<!--<script>',
  ']]>',
  '\u2028\u2029\0\ud800',
  'javascript:alert(1)',
  '&lt;b&gt;',
  '}</style><style>*{display:none}',
  '{{constructor.constructor("alert(1)")()}}',
);
const words = (max: number, min = 1): fc.Arbitrary<string> =>
  fc
    .oneof(
      fc.string({ unit: 'grapheme', minLength: min, maxLength: max }),
      fc.array(hostile, { minLength: 1, maxLength: 6 }).map((parts) => parts.join(' ')),
      fc.constantFrom('"', '𝄞', 'ü', '&').map((char) => char.repeat(max)),
    )
    .map((text) => [...text].slice(0, max).join(''))
    .filter((text) => text.trim() !== '');
const orNull = <T>(value: fc.Arbitrary<T>): fc.Arbitrary<T | null> => fc.option(value, { nil: null });
const url = fc.oneof(
  fc.constantFrom(
    'https://open.spotify.com/x',
    'https://instagram.com/a?b="<>',
    `https://a.example/${'x'.repeat(2_000)}`,
  ),
  fc.webUrl({ validSchemes: ['https'] }),
);
const colours = orNull(
  fc.record({
    colors: fc.dictionary(
      fc.constantFrom('primary', 'secondary'),
      fc.oneof(hostile, fc.constantFrom('#e4572e', 'rgb(1 2 3)')),
    ),
  }),
);

const links: fc.Arbitrary<Link[]> = fc.array(
  fc.record({
    ...{ id: fc.constant(id), position: fc.integer({ min: 1, max: 50 }), name: words(100), url },
    ...{
      icon: orNull(fc.constantFrom('mdi:spotify', 'mdi:constructor', 'x:y')),
      kind: fc.constantFrom(...linkKinds),
    },
    ...{ createdAt: fc.constant(at), updatedAt: fc.constant(at) },
  }),
  { maxLength: 50 },
);
const entry: fc.Arbitrary<PageEntry> = fc.record({
  ...{
    id: fc.uuid(),
    shortId: fc.constant(shortId),
    type: fc.constantFrom(...resourceTypes),
    title: orNull(words(300)),
  },
  ...{
    excerpt: orNull(words(320)),
    duration: orNull(fc.nat(86_400)),
    publishedAt: fc.constant(at),
    updatedAt: fc.constant(at),
  },
});
const workspacePages: fc.Arbitrary<WorkspacePage> = fc.record({
  workspace: fc.record({
    ...{
      id: fc.uuid(),
      name: words(100),
      slug: fc.constant('polar-night'),
      description: orNull(words(2_000)),
    },
    ...{
      kind: fc.constantFrom(...workspaceKinds),
      ownerType: fc.constant('user' as const),
      ownerId: fc.constant('user_1'),
    },
    ...{
      avatarUrl: orNull(url),
      bannerUrl: orNull(url),
      themeConfig: colours,
      visibility: fc.constant('public' as const),
    },
    ...{ createdAt: fc.constant(at), updatedAt: fc.constant(at), version: fc.constant(1), links },
  }),
  entries: fc.record({
    data: fc.array(entry, { maxLength: 12 }),
    meta: fc.record({
      limit: fc.constant(12),
      after: orNull(fc.base64String({ maxLength: 200 })),
      before: fc.constant(null),
    }),
  }),
});
const workspaceAuthor: fc.Arbitrary<PageAuthor> = fc.record({
  ...{
    type: fc.constant('workspace' as const),
    id: fc.uuid(),
    name: words(100),
    slug: fc.constant('polar-night'),
    kind: fc.constantFrom(...workspaceKinds),
  },
  ...{ role: fc.constant(null), avatarUrl: orNull(url), themeConfig: colours },
});
const userAuthor: fc.Arbitrary<PageAuthor> = fc.record({
  ...{
    type: fc.constant('user' as const),
    id: fc.constant('user_1'),
    name: words(80),
    slug: fc.constant(null),
  },
  ...{
    kind: fc.constant(null),
    role: fc.constant(null),
    avatarUrl: orNull(url),
    themeConfig: fc.constant(null),
  },
});
const author = fc.oneof(workspaceAuthor, userAuthor);
const track: fc.Arbitrary<PageTrack> = fc.record({
  ...{ songId: fc.constant(id), shortId: fc.constant(shortId), title: words(300), duration: fc.nat(86_400) },
  ...{ trackNumber: fc.integer({ min: 1, max: 999 }), discNumber: fc.integer({ min: 1, max: 3 }) },
});
/** As content's sanitizer writes it; and, should that ever fail, as it never would. */
const bodyHtml = fc
  .array(
    fc.oneof(
      words(400).map(
        (text) => `<p>${text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')}</p>`,
      ),
      fc.constantFrom(
        '<h1>One</h1><h3>Three</h3>',
        '<ol start="3"><li>a</li><li>b <em>c</em></li></ol>',
        '<p><img src="https://a.example/b.png" alt="&quot;A&quot;" loading="lazy" /></p>',
        '<table><tr><td align="right">1</td></tr></table>',
        `<p><a href="https://a.example/${'y'.repeat(900)}" title="t">x</a></p>`,
        `<pre><code class="language-js">${'line\n'.repeat(2_000)}</code></pre>`,
        '<script>alert(1)</script><p onclick="alert(1)" style="x:y">z</p><iframe src="https://a.example"></iframe>',
        '<a href="javascript:alert(1)">j</a><a href="data:text/html,x">d</a>',
      ),
    ),
    { maxLength: 40 },
  )
  .map((parts) => parts.join('\n'));
const resourcePages: fc.Arbitrary<ResourcePage> = fc.record({
  resource: fc.record(
    {
      ...{
        id: fc.uuid(),
        shortId: fc.constant(shortId),
        type: fc.constantFrom(...resourceTypes),
        title: orNull(words(300)),
      },
      ...{
        ownerType: fc.constant('user' as const),
        ownerId: fc.constant('user_1'),
        excerpt: orNull(words(320)),
      },
      ...{ status: fc.constantFrom('LISTED' as const, 'UNLISTED' as const), publishAt: fc.constant(null) },
      ...{
        publishedAt: fc.constant(at),
        createdAt: fc.constant(at),
        updatedAt: fc.constant(at),
        version: fc.constant(1),
      },
      links,
      post: fc.record({ body: fc.constant(''), bodyHtml, featuredImage: orNull(url) }),
    },
    {
      requiredKeys: [
        ...([
          'id',
          'shortId',
          'type',
          'title',
          'ownerType',
          'ownerId',
          'excerpt',
          'status',
          'publishAt',
        ] as const),
        ...(['publishedAt', 'createdAt', 'updatedAt', 'version', 'links'] as const),
      ],
    },
  ),
  authors: fc.array(author, { maxLength: 20 }),
  tracks: fc.array(track, { maxLength: 60, size: 'max' }),
  albums: fc.array(fc.record({ shortId: fc.constant(shortId), title: words(300) }), {
    maxLength: maxPageAlbums,
  }),
});

function elementsOf(node: Dom.Node): Dom.Element[] {
  const below = 'childNodes' in node ? node.childNodes.flatMap(elementsOf) : [];
  return tree.isElementNode(node) ? [node, ...below] : below;
}

const textOf = (node: Dom.Node): string =>
  tree.isTextNode(node) ? node.value : 'childNodes' in node ? node.childNodes.map(textOf).join('') : '';

const attributes = ({ attrs }: Dom.Element): Record<string, string> =>
  Object.fromEntries(attrs.map(({ name, value }) => [name, value]));

const may = new Set(
  (
    'html head meta title link style script body a div main article section nav footer header h1 h2 h3 h4 h5 h6 p ul ol li time ' +
    'span table thead tbody tr th td blockquote pre code em strong br hr svg path use circle text stop linearGradient'
  ).split(' '),
);

/** What must be true of every page, whatever it shows. */
function check({ html, policy }: Document): Dom.Element[] {
  expect(Buffer.byteLength(html)).toBeLessThan(30_000);
  const errors: string[] = [];
  const elements = elementsOf(parse(html, { onParseError: ({ code }) => errors.push(code) }));
  expect(errors).toEqual([]);
  expect(elements.map(({ tagName }) => tagName).filter((name) => !may.has(name))).toEqual([]);
  const named = (name: string): Dom.Element[] => elements.filter(({ tagName }) => tagName === name);
  for (const script of named('script')) {
    expect(attributes(script)).toEqual({ type: 'application/ld+json' });
    expect(JSON.parse(textOf(script))).toMatchObject({
      '@context': 'https://schema.org',
      '@type': expect.any(String),
    });
  }
  const hashes = named('style').map((style) => createHash('sha256').update(textOf(style)).digest('base64'));
  expect(policy).toContain(`style-src ${hashes.map((hash) => `'sha256-${hash}'`).join(' ')};`);
  expect(textOf(named('style')[1] ?? tree.createDocument())).toMatch(/^[-a-z0-9:;#(){}@ ]*$/);
  for (const element of elements) {
    for (const [name, value] of Object.entries(attributes(element))) {
      expect(name).not.toMatch(/^on|^style$|^src|^action|^formaction/);
      if (name === 'href') expect(value).toMatch(/^(?:https?:\/\/|mailto:|\/(?!\/)|#)/);
    }
  }
  const ids = elements.flatMap((element) => attributes(element)['id'] ?? []);
  expect(new Set(ids).size).toBe(ids.length);
  expect(named('h1')).toHaveLength(1);
  expect(named('main')).toHaveLength(1);
  return elements;
}

/** A text as a page shows it: white space is one space, what cannot be written is gone. */
const shown = (text: string): string =>
  text
    .replaceAll(/[\0-\x08\x0b\x0c\x0e-\x1f\x7f\ufffe\uffff]|\p{Surrogate}/gu, '')
    .replaceAll(/\s+/gu, ' ')
    .trim();

const headingOf = (elements: readonly Dom.Element[]): string =>
  shown(
    elements
      .filter(({ tagName }) => tagName === 'h1')
      .map(textOf)
      .join(),
  );

describe('a page', () => {
  it('of a workspace is one of text, whatever was written into it', () => {
    fc.assert(
      fc.property(workspacePages, (page) => {
        const elements = check(profilePage(page, origin));
        expect(headingOf(elements)).toBe(shown(page.workspace.name));
      }),
      { numRuns: 100 },
    );
  });

  it('of a resource is one of text in each of its parts, and they end', () => {
    fc.assert(
      fc.property(resourcePages, (page) => {
        const { type, title } = page.resource;
        let part = 1;
        for (; part < 200; part++) {
          const made = resourcePage(page, origin, part);
          if (!made) break;
          const elements = check(made);
          if (title !== null && type === 'post') {
            expect(shown(title).startsWith(headingOf(elements).slice(0, -1))).toBe(true);
          }
        }
        expect(part).toBeGreaterThan(1);
        expect(part).toBeLessThan(200);
      }),
      { numRuns: 40 },
    );
  });

  it.each(['"', '&', '𝄞', 'W'])('is below 30 KB with everything at its longest, of %s', (char) => {
    const url = `https://instagram.com/${'x'.repeat(2_000)}`;
    const about = { id, createdAt: at, updatedAt: at };
    const full = Array.from({ length: 50 }, (_, n): Link => {
      const kind = linkKinds[n % linkKinds.length] ?? 'other';
      return { ...about, position: n + 1, name: char.repeat(100), url, icon: null, kind };
    });
    const theme = { colors: { primary: '#e4572e' } };
    const entries = Array.from({ length: 12 }, (_, n): PageEntry => {
      const type = resourceTypes[n % resourceTypes.length] ?? 'post';
      const text = { title: char.repeat(300), excerpt: char.repeat(320) };
      return {
        ...about,
        ...text,
        id: `${id.slice(0, -2)}${n + 10}`,
        shortId,
        type,
        duration: 86_400,
        publishedAt: at,
      };
    });
    const workspace = {
      ...{
        ...about,
        name: char.repeat(100),
        slug: 'polar-night',
        description: char.repeat(2_000),
        links: full,
      },
      ...{ kind: 'artist' as const, ownerType: 'user' as const, ownerId: 'user_1', version: 1 },
      ...{ avatarUrl: url, bannerUrl: url, themeConfig: theme, visibility: 'public' as const },
    };
    const cursor = 'c'.repeat(200);
    check(
      profilePage(
        { workspace, entries: { data: entries, meta: { limit: 12, after: cursor, before: null } } },
        origin,
      ),
    );
    const authors = Array.from({ length: 20 }, (): PageAuthor => {
      const named = {
        id,
        name: char.repeat(100),
        slug: 'a'.repeat(50),
        kind: 'artist' as const,
        type: 'workspace' as const,
      };
      return { ...named, role: null, avatarUrl: url, themeConfig: theme };
    });
    const tracks = Array.from({ length: 80 }, (_, n): PageTrack => {
      const place = { trackNumber: (n % 5) + 1, discNumber: Math.floor(n / 5) + 1 };
      return { songId: id, shortId, title: char.repeat(300), duration: 86_400, ...place };
    });
    const albums = Array.from({ length: maxPageAlbums }, () => ({ shortId, title: char.repeat(300) }));
    for (const type of resourceTypes) {
      const resource: Resource = {
        ...{ ...about, shortId, type, ownerType: 'user', ownerId: 'user_1', version: 1, links: full },
        ...{ title: type === 'status' ? null : char.repeat(300), excerpt: char.repeat(320) },
        ...{ status: 'LISTED', publishAt: null, publishedAt: at },
        artwork: {
          imageUrl: url,
          mediaId: null,
          medium: char.repeat(100),
          year: 2026,
          alt: char.repeat(1_000),
        },
        post: { body: '', bodyHtml: `<p>${escapeText(char.repeat(16_000))}</p>`, featuredImage: url },
      };
      let part = 1;
      for (; ; part++) {
        const made = resourcePage(
          {
            resource,
            authors,
            tracks: type === 'album' ? tracks : [],
            albums: type === 'song' ? albums : [],
          },
          origin,
          part,
        );
        if (!made) break;
        check(made);
      }
      if (type === 'album' || type === 'post') expect(part).toBeGreaterThan(2);
    }
  });

  it('says what went wrong in the same design', () => {
    for (const status of [400, 404, 410, 429, 500, 503, 504]) check(errorPage(status, '"><script>'));
  });
});
