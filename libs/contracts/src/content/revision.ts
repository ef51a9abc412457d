import { calls, command, one, page, query } from '../kit/call.js';
import { failure, notFound, permissionDenied, preconditionFailed } from '../kit/failure.js';
import {
  Id,
  ListOf,
  Nested,
  Nullable,
  OneOf,
  Optional,
  Text,
  Timestamp,
  Whole,
  WordList,
} from '../kit/fields.js';
import { PageQuery } from '../kit/page-query.js';
import { NewAlbum } from './album.js';
import { NewArtwork } from './artwork.js';
import { maxAuthors, NewAuthor } from './author.js';
import { maxLinks, NewLink } from './link.js';
import { NewPost } from './post.js';
import { NewPressRelease } from './press-release.js';
import type { Parts } from './resource-parts.js';
import { Resource, resourceStatuses, type ResourceStatus } from './resource.js';
import { NewSong } from './song.js';
import { maxTracks, NewTrack } from './track.js';

/** How many revisions a resource keeps; the oldest go. */
export const maxRevisions = 200;

/** A resource as it was before an update, in the form in which it could be given. */
export class Snapshot implements Parts<'made'> {
  @Text({ max: 300 }) @Nullable() title: string | null;
  /** Null: it was cut from the body. */
  @Text({ max: 320 }) @Nullable() excerpt: string | null;
  @OneOf(resourceStatuses) status: ResourceStatus;
  @Timestamp() @Nullable() publishAt: string | null;
  @Nested(() => NewPost) @Optional() post?: NewPost;
  @Nested(() => NewSong) @Optional() song?: NewSong;
  @Nested(() => NewAlbum) @Optional() album?: NewAlbum;
  @Nested(() => NewArtwork) @Optional() artwork?: NewArtwork;
  @Nested(() => NewPressRelease) @Optional() pressRelease?: NewPressRelease;
  /** Pending ones among them. */
  @ListOf(() => NewAuthor, { max: maxAuthors }) authors: NewAuthor[];
  @ListOf(() => NewLink, { max: maxLinks }) links: NewLink[];
  /** Of an album; songs that are gone or that the caller may not read are left out. */
  @ListOf(() => NewTrack, { max: maxTracks }) @Optional() tracks?: NewTrack[];
}

/** What an update replaced. */
export class Revision {
  /** The version that was replaced. */
  @Whole({ min: 1 }) version: number;
  /** Who replaced it: `user:…`, `workspace:…`, with the key that he used. */
  @Text({ max: 300 }) editedBy: string;
  /** When it was replaced. */
  @Timestamp() editedAt: string;
  @Nested(() => Snapshot) snapshot: Snapshot;
}

export class ListRevisions extends PageQuery {
  @Id() id: string;
}

const restorable = ['fields', 'authors', 'links', 'tracks'] as const;
export type Restorable = (typeof restorable)[number];

export class RestoreRevision {
  @Id() id: string;
  @Whole({ min: 1 }) version: number;
  /** What of it is restored; all of it when left out. `fields` are title, excerpt and the typed part. */
  @WordList(restorable) @Optional() only?: Restorable[];
}

export const notRestorable = failure(
  'conflict',
  'not_restorable',
  'Something of this revision cannot be restored any more.',
);

const id = '0197c1f1-3b4c-7d5e-9f60-718293a4b5c6';
const given = { body: 'We are **on tour**.', featuredImage: null };
const authorId = 'user_01JZ0A1B2C3D4E5F6G7H8J9K0M';
const revision = {
  version: 1,
  editedBy: `user:${authorId}`,
  editedAt: '2025-06-30T12:30:00.000Z',
  snapshot: {
    title: 'On tour',
    excerpt: null,
    status: 'LISTED',
    publishAt: null,
    post: given,
    authors: [{ authorType: 'user', authorId, role: null }],
    links: [],
  },
};

export const revisions = calls('content.revision', {
  list: query({
    http: 'GET /resources/{id}/revisions',
    scope: 'resources:read',
    request: ListRevisions,
    reply: page(Revision),
    fails: [notFound, permissionDenied],
    summary: 'What updates of a resource replaced, newest first.',
    description:
      'Needs `update`. Every write of fields, the typed part, authors, links and tracks leaves one; the newest 200 are kept. A page of long texts may hold fewer than `limit`.',
    example: { request: { id }, reply: { data: [revision], meta: { limit: 20, after: null, before: null } } },
  }),
  restore: command({
    http: 'POST /resources/{id}/revisions/{version}/restore',
    scope: 'resources:write',
    request: RestoreRevision,
    reply: one(Resource),
    fails: [notFound, permissionDenied, preconditionFailed, notRestorable],
    summary: 'Makes a resource again what it was.',
    description:
      'Needs `update`; it is an update itself, and leaves a revision. All or nothing: what cannot be restored any more (a workspace that is gone or that the caller may not use, a song that he may not read) is named in `errors` of the 409, and `only` leaves it out. Users who are named again are pending until they accept. Status and publication stay as they are.',
    example: {
      request: { id, version: 1, only: ['fields'] },
      reply: {
        id,
        shortId: 'HfKtMwXy37',
        type: 'post',
        ownerType: 'user',
        ownerId: authorId,
        title: 'On tour',
        excerpt: 'We are on tour.',
        status: 'LISTED',
        publishAt: null,
        publishedAt: '2025-06-30T12:00:00.000Z',
        createdAt: '2025-06-30T12:00:00.000Z',
        updatedAt: '2025-06-30T12:45:00.000Z',
        version: 3,
        post: { ...given, bodyHtml: '<p>We are <strong>on tour</strong>.</p>' },
      },
    },
  }),
});
