import { invalid, notFound, throttled, unavailable } from '@erato/contracts/kit/failure';
import type { HandAnswer, HandRoute } from '../introspection/hand-routes.js';

const text = { type: 'string' } as const;
const html = (status: number, description: string): HandAnswer => ({
  ...{ status, description, type: 'text/html', schema: text },
});
const path = (name: string, description: string, example: unknown) => ({
  ...{ name, in: 'path' as const, required: true, description, schema: text, example },
});
const query = (name: string, description: string) => ({
  ...{ name, in: 'query' as const, description, schema: text },
});

const open = { method: 'GET', scope: null, guest: true } as const;
/** Told by a page where a browser asks, else by a problem document. */
const fails = [notFound, throttled, unavailable];
const slug = path('slug', 'The workspace’s.', 'polar-night');
const shortId = path('shortId', 'The resource’s.', 'XgrzJe9xUm');
const unchanged: HandAnswer = {
  status: 304,
  description: 'Not modified since the version of If-None-Match.',
};
const refused = [
  html(404, 'It is not there, or not public: a page that says so.'),
  html(429, 'Too many requests: a page that says so.'),
  html(503, 'A part is away: a page that says so.'),
];

/** The public pages for fans (content.md, "Outside /v1"). */
export const pageRoutes: readonly HandRoute[] = [
  {
    ...open,
    path: '/@{slug}',
    id: 'page.workspace',
    summary: 'A workspace’s public page.',
    parameters: [slug, query('after', 'To older entries.'), query('before', 'To newer entries.')],
    answers: [
      html(200, 'The page.'),
      unchanged,
      html(400, 'The cursor is none: a page that says so.'),
      ...refused,
    ],
    fails: [...fails, invalid],
  },
  {
    ...open,
    path: '/@{slug}/feed.xml',
    id: 'page.feed',
    summary: 'A workspace’s Atom feed.',
    parameters: [slug],
    answers: [
      { status: 200, description: 'The feed.', type: 'application/atom+xml', schema: text },
      unchanged,
      ...refused,
    ],
    fails,
  },
  {
    ...open,
    path: '/r/{shortId}',
    id: 'page.resource',
    summary: 'The public page of a resource: what it is, and where to find it.',
    parameters: [shortId, query('part', 'Where a long text or track list goes on: 2, 3, ….')],
    answers: [html(200, 'The page.'), unchanged, ...refused],
    fails,
  },
  {
    ...open,
    path: '/r/{shortId}/{position}',
    id: 'page.follow',
    summary: 'Counts a click and redirects to where the link leads.',
    description: 'HEAD, pages loaded ahead and programs that say what they are count nothing.',
    parameters: [shortId, path('position', 'The link’s, from 1.', '1')],
    answers: [{ status: 302, description: 'The link’s address, in `Location`.' }, ...refused],
    fails,
  },
  {
    ...open,
    path: '/favicon.svg',
    id: 'page.icon',
    summary: 'The icon of the pages.',
    answers: [{ status: 200, description: 'The icon.', type: 'image/svg+xml', schema: text }],
    fails: [],
  },
];
