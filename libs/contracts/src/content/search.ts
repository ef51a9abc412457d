import { calls, page, query } from '../kit/call.js';
import { HttpsUrl, Id, Nullable, OneOf, Optional, Text, Timestamp, Whole, WordList } from '../kit/fields.js';
import { shortIdLength } from './resource.js';
import { resourceTypes, type ResourceType } from './resource-parts.js';
import { workspaceKinds, type WorkspaceKind } from './workspace.js';

export const foundTypes = ['workspace', 'resource'] as const;
export type FoundType = (typeof foundTypes)[number];

/** What `type` can ask for: workspaces, all resources, or those of one type. */
export const searchTypes = [...foundTypes, ...resourceTypes] as const;
export type SearchType = FoundType | ResourceType;

/** Something that was found, with what a list of results shows of it. */
export class Found {
  @OneOf(foundTypes) type: FoundType;
  @Id() id: string;
  /** The name of a workspace, the title of a resource; null for a status. */
  @Text({ max: 300 }) @Nullable() title: string | null;
  /** Of a workspace the beginning of its description. */
  @Text({ max: 320 }) @Nullable() excerpt: string | null;
  /** Of a resource: its type. */
  @OneOf(resourceTypes) @Nullable() resourceType: ResourceType | null;
  /** Of a workspace: its kind. */
  @OneOf(workspaceKinds) @Nullable() kind: WorkspaceKind | null;
  /** Of a workspace: `/@<slug>`. */
  @Text({ max: 50 }) @Nullable() slug: string | null;
  /** Of a resource: `/r/<shortId>`. */
  @Text({ max: shortIdLength }) @Nullable() shortId: string | null;
  /** The avatar of a workspace; the cover, image or featured image of a resource. */
  @HttpsUrl() @Nullable() imageUrl: string | null;
  /** Of a resource. */
  @Timestamp() @Nullable() publishedAt: string | null;
  /** How well it fits, 1 to 2,000: results come by it, the best first. */
  @Whole({ min: 1, max: 2_000 }) score: number;
}

export class Search {
  /** Words, in any order; the beginning of a word does, accents and case do not matter, and small typos are forgiven. */
  @Text({ min: 1, max: 200 }) q: string;
  /** Everything when left out. */
  @WordList(searchTypes) @Optional() type?: SearchType[];
  /** Results on a page: 1 to 100, 20 when left out. */
  @Whole({ min: 1, max: 100 }) @Optional() limit?: number;
  /** The cursor `meta.after` of a page: what comes behind it. Not together with `before`. */
  @Text({ min: 1, max: 4_096 }) @Optional() after?: string;
  /** The cursor `meta.before` of a page: what comes ahead of it. */
  @Text({ min: 1, max: 4_096 }) @Optional() before?: string;
}

export const search = calls('content.search', {
  find: query({
    http: 'GET /search',
    scope: 'resources:read',
    guest: true,
    request: Search,
    reply: page(Found),
    summary: 'Workspaces and resources by their words, the best first.',
    description:
      'Only what the caller may read; of resources only what is `LISTED` and published. Of a question that fits thousands, the thousand that are looked at first are ranked, with all whose title begins so among them.',
    example: {
      request: { q: 'bjork', type: ['workspace', 'song'] },
      reply: {
        data: [
          {
            type: 'workspace',
            id: '0197c1f0-7a2b-7c3d-8e4f-5a6b7c8d9e0f',
            title: 'Björk',
            excerpt: 'Four people, two synthesizers, one boat.',
            resourceType: null,
            kind: 'artist',
            slug: 'bjork',
            shortId: null,
            imageUrl: 'https://cdn.example.com/bjork.jpg',
            publishedAt: null,
            score: 1100,
          },
        ],
        meta: { limit: 20, after: null, before: null },
      },
    },
  }),
});
