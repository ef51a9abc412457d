import { calls, command, nothing, one, page, query } from '../kit/call.js';
import { failure, notFound, permissionDenied, preconditionFailed } from '../kit/failure.js';
import {
  Id,
  ListOf,
  Nested,
  Nullable,
  OneOf,
  Optional,
  Text,
  TextList,
  Timestamp,
  Whole,
  WordList,
} from '../kit/fields.js';
import { PageQuery } from '../kit/page-query.js';
import { Album, AlbumPatch, NewAlbum } from './album.js';
import { Artwork, ArtworkPatch, NewArtwork } from './artwork.js';
import { Author, authorNotAllowed, authorTypes, maxAuthors, NewAuthor, type AuthorType } from './author.js';
import { Link, maxLinks, NewLink } from './link.js';
import { NewPost, Post, PostPatch } from './post.js';
import { NewPressRelease, PressRelease, PressReleasePatch } from './press-release.js';
import { NewSong, Song, SongPatch } from './song.js';
import { maxTracks, Track } from './track.js';
import { resourceTypes, type Parts, type ResourceType } from './resource-parts.js';
import { ownerNotAllowed, ownerTypes, type OwnerType } from './workspace.js';

export const resourceStatuses = ['LISTED', 'UNLISTED'] as const;
export type ResourceStatus = (typeof resourceStatuses)[number];

/** nanoid's alphabet without look-alikes. */
export const shortIdAlphabet = '346789ABCDEFGHJKLMNPQRTUVWXYabcdefghijkmnpqrtwxyz';
export const shortIdLength = 10;
export const shortIdPattern = new RegExp(`^[${shortIdAlphabet}]{${String(shortIdLength)}}$`);

/** A resource as lists show it: what all types have in common. */
export class ResourceSummary {
  @Id() id: string;
  /** For short addresses: `/r/<shortId>`. */
  @Text({ min: shortIdLength, max: shortIdLength, pattern: shortIdPattern }) shortId: string;
  @OneOf(resourceTypes) type: ResourceType;
  @OneOf(ownerTypes) ownerType: OwnerType;
  @Text({ min: 1, max: 64 }) ownerId: string;
  /** Null for a status. */
  @Text({ min: 1, max: 300 }) @Nullable() title: string | null;
  /** A status' own text; of other types given, or cut from the rendered body. */
  @Text({ max: 320 }) @Nullable() excerpt: string | null;
  /** `LISTED` shows on profiles, in feeds, search and lists; `UNLISTED` is reachable by its address alone. */
  @OneOf(resourceStatuses) status: ResourceStatus;
  /** When it is to be published; null: not scheduled. */
  @Timestamp() @Nullable() publishAt: string | null;
  /** When it was published; null: it is a draft, for those alone who may update it. */
  @Timestamp() @Nullable() publishedAt: string | null;
  @Timestamp() createdAt: string;
  @Timestamp() updatedAt: string;
  /** Counts up with each change, also of a part; the ETag. */
  @Whole({ min: 1 }) version: number;
}

/** Numbers of a resource, as the caller may see them. */
export class ResourceStats {
  /** Clicks on its links since it was made, for who may `update` it; null for others. */
  @Whole() @Nullable() clicks: number | null;
}

/** A resource with its typed part under the type's name. */
export class Resource extends ResourceSummary implements Parts<'shown'> {
  @Nested(() => Post) @Optional() post?: Post;
  @Nested(() => Song) @Optional() song?: Song;
  @Nested(() => Album) @Optional() album?: Album;
  @Nested(() => Artwork) @Optional() artwork?: Artwork;
  @Nested(() => PressRelease) @Optional() pressRelease?: PressRelease;
  /** Only with `include=authors`: those who have accepted. */
  @ListOf(() => Author, { max: maxAuthors }) @Optional() authors?: Author[];
  /** Only with `include=links`. */
  @ListOf(() => Link, { max: maxLinks }) @Optional() links?: Link[];
  /** Only of an album with `include=tracks`: the songs that the caller may read. */
  @ListOf(() => Track, { max: maxTracks }) @Optional() tracks?: Track[];
  /** Only with `include=stats`. */
  @Nested(() => ResourceStats) @Optional() stats?: ResourceStats;
}

const sorts = ['createdAt', '-createdAt', 'publishedAt', '-publishedAt', 'title', '-title'] as const;
export type ResourceSort = (typeof sorts)[number];

export class ListResources extends PageQuery {
  @WordList(resourceTypes) @Optional() type?: ResourceType[];
  /** `LISTED` when left out. `UNLISTED` shows what the caller may update. */
  @WordList(resourceStatuses) @Optional() status?: ResourceStatus[];
  @WordList(ownerTypes) @Optional() ownerType?: OwnerType[];
  @TextList({ max: 50, length: 64 }) @Optional() ownerId?: string[];
  @WordList(authorTypes) @Optional() authorType?: AuthorType[];
  @TextList({ max: 50, length: 64 }) @Optional() authorId?: string[];
  /** Songs of these genres, without regard to case. */
  @TextList({ max: 20, length: 50 }) @Optional() genre?: string[];
  /** The beginning of the title, without regard to case. */
  @Text({ min: 1, max: 100 }) @Optional() q?: string;
  /** `-createdAt` when left out. What has no value (a draft's `publishedAt`, a status' title) comes last. */
  @OneOf(sorts) @Optional() sort?: ResourceSort;
}

export class ListProfile extends PageQuery {
  @Id() id: string;
  @WordList(resourceTypes) @Optional() type?: ResourceType[];
}

export const resourceIncludes = ['authors', 'links', 'tracks', 'stats'] as const;
export type ResourceInclude = (typeof resourceIncludes)[number];

export class GetResource {
  @Id() id: string;
  @WordList(resourceIncludes) @Optional() include?: ResourceInclude[];
}

export class GetResourceByShortId {
  @Text({ min: shortIdLength, max: shortIdLength, pattern: shortIdPattern }) shortId: string;
  @WordList(resourceIncludes) @Optional() include?: ResourceInclude[];
}

/** Everything in one call, all or nothing. */
export class CreateResource implements Parts<'made'> {
  @OneOf(resourceTypes) type: ResourceType;
  /** Needed by all types but a status, which has none. */
  @Text({ min: 1, max: 300 }) @Nullable() @Optional() title?: string | null;
  /** The caller when left out; else an organization where the caller may `create`. */
  @OneOf(ownerTypes) @Optional() ownerType?: OwnerType;
  @Text({ min: 1, max: 64 }) @Optional() ownerId?: string;
  /** `UNLISTED` when left out. */
  @OneOf(resourceStatuses) @Optional() status?: ResourceStatus;
  /** Cut from the body when left out; a status needs one, of at most 300. */
  @Text({ min: 1, max: 320 }) @Optional() excerpt?: string;
  /** Left out it is published at once, `null` keeps a draft, a time in the future schedules it. */
  @Timestamp() @Nullable() @Optional() publishAt?: string | null;
  /** The caller, or the workspace that it acts for, when left out. */
  @ListOf(() => NewAuthor, { min: 1, max: maxAuthors }) @Optional() authors?: NewAuthor[];
  @ListOf(() => NewLink, { max: maxLinks }) @Optional() links?: NewLink[];
  /** The typed part of a post. */
  @Nested(() => NewPost) @Optional() post?: NewPost;
  /** The typed part of a song. */
  @Nested(() => NewSong) @Optional() song?: NewSong;
  /** The typed part of an album; it may be left out. */
  @Nested(() => NewAlbum) @Optional() album?: NewAlbum;
  /** The typed part of an artwork. */
  @Nested(() => NewArtwork) @Optional() artwork?: NewArtwork;
  /** The typed part of a press release. */
  @Nested(() => NewPressRelease) @Optional() pressRelease?: NewPressRelease;
}

/**
 * A JSON merge patch: what is left out stays, `null` clears, the typed part is merged inside. Authors and links have routes of
 * their own; type and owner do not change.
 */
export class UpdateResource implements Parts<'patched'> {
  @Id() id: string;
  @Text({ min: 1, max: 300 }) @Optional() title?: string;
  /** `null` cuts it from the body again. */
  @Text({ min: 1, max: 320 }) @Nullable() @Optional() excerpt?: string | null;
  @OneOf(resourceStatuses) @Optional() status?: ResourceStatus;
  /** Of a draft: a time in the future schedules it, one that has passed publishes it, `null` keeps it. */
  @Timestamp() @Nullable() @Optional() publishAt?: string | null;
  /** Merged into the post's part. */
  @Nested(() => PostPatch) @Optional() post?: PostPatch;
  /** Merged into the song's part. */
  @Nested(() => SongPatch) @Optional() song?: SongPatch;
  /** Merged into the album's part. */
  @Nested(() => AlbumPatch) @Optional() album?: AlbumPatch;
  /** Merged into the artwork's part. */
  @Nested(() => ArtworkPatch) @Optional() artwork?: ArtworkPatch;
  /** Merged into the press release's part. */
  @Nested(() => PressReleasePatch) @Optional() pressRelease?: PressReleasePatch;
}

export class ResourceId {
  @Id() id: string;
}

export const alreadyPublished = failure(
  'conflict',
  'already_published',
  'It is published already; that is not taken back.',
);

const shown = {
  id: '0197c1f1-3b4c-7d5e-9f60-718293a4b5c6',
  shortId: 'HfKtMwXy37',
  type: 'post',
  ownerType: 'user',
  ownerId: 'user_01JZ0A1B2C3D4E5F6G7H8J9K0M',
  title: 'On tour',
  excerpt: 'We are on tour again.',
  status: 'LISTED',
  publishAt: null,
  publishedAt: '2025-06-30T12:00:00.000Z',
  createdAt: '2025-06-30T12:00:00.000Z',
  updatedAt: '2025-06-30T12:00:00.000Z',
  version: 1,
};
const post = {
  body: 'We are **on tour** again.',
  bodyHtml: '<p>We are <strong>on tour</strong> again.</p>',
  featuredImage: null,
};

export const resources = calls('content.resource', {
  list: query({
    http: 'GET /resources',
    scope: 'resources:read',
    guest: true,
    request: ListResources,
    reply: page(ResourceSummary),
    summary: 'The resources that the caller may read.',
    description:
      'Shows what is `LISTED`; `status=UNLISTED` shows what the caller may `update`. Drafts are shown to who may update them.',
    example: {
      request: { type: ['post'], sort: '-publishedAt', limit: 20 },
      reply: { data: [shown], meta: { limit: 20, after: null, before: null } },
    },
  }),
  profile: query({
    http: 'GET /workspaces/{id}/resources',
    scope: 'resources:read',
    guest: true,
    request: ListProfile,
    reply: page(ResourceSummary),
    fails: [notFound],
    summary: 'What a workspace has published and lists, newest first.',
    example: {
      request: { id: '0197c1f0-7a2b-7c3d-8e4f-5a6b7c8d9e0f', type: ['post'] },
      reply: { data: [shown], meta: { limit: 20, after: null, before: null } },
    },
  }),
  get: query({
    http: 'GET /resources/{id}',
    scope: 'resources:read',
    guest: true,
    request: GetResource,
    reply: one(Resource),
    fails: [notFound],
    summary: 'One resource with its typed part.',
    example: { request: { id: shown.id }, reply: { ...shown, post } },
  }),
  getByShortId: query({
    http: 'GET /resources/by-short-id/{shortId}',
    scope: 'resources:read',
    guest: true,
    request: GetResourceByShortId,
    reply: one(Resource),
    fails: [notFound],
    summary: 'One resource with its typed part, by its short id.',
    example: { request: { shortId: shown.shortId }, reply: { ...shown, post } },
  }),
  create: command({
    http: 'POST /resources',
    creates: '/resources/{id}',
    scope: 'resources:write',
    actAs: true,
    request: CreateResource,
    reply: one(Resource),
    fails: [ownerNotAllowed, authorNotAllowed, permissionDenied, notFound],
    summary: 'Makes a resource with its typed part, authors and links.',
    description:
      'The owner is the caller, or an organization where it may `create`. Naming a workspace as author needs `update` on it; another user is pending until he accepts. Under `Erato-Act-As` the workspace is the author.',
    example: {
      request: { type: 'post', title: shown.title, status: 'LISTED', post: { body: post.body } },
      reply: { ...shown, post },
    },
  }),
  update: command({
    http: 'PATCH /resources/{id}',
    scope: 'resources:write',
    request: UpdateResource,
    reply: one(Resource),
    fails: [notFound, permissionDenied, preconditionFailed, alreadyPublished],
    summary: 'Changes fields of a resource.',
    description: 'Needs `update`. A JSON merge patch; the typed part is merged inside.',
    example: {
      request: { id: shown.id, title: 'On tour again', post: { featuredImage: null } },
      reply: { ...shown, title: 'On tour again', version: 2, post },
    },
  }),
  delete: command({
    http: 'DELETE /resources/{id}',
    scope: 'resources:write',
    request: ResourceId,
    reply: nothing,
    fails: [notFound, permissionDenied, preconditionFailed],
    summary: 'Deletes a resource.',
    description: 'Needs `delete`.',
    example: { request: { id: shown.id } },
  }),
});
