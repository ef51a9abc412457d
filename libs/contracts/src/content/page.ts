import { calls, one, query } from '../kit/call.js';
import { notFound } from '../kit/failure.js';
import { HttpsUrl, Id, ListOf, Nested, Nullable, OneOf, Text, Timestamp, Whole } from '../kit/fields.js';
import { PageQuery } from '../kit/page-query.js';
import { ThemeConfig } from '../identity/theme-config.js';
import { authorTypes, maxAuthors, type AuthorType } from './author.js';
import { Resource, shortIdLength, shortIdPattern } from './resource.js';
import { resourceTypes, type ResourceType } from './resource-parts.js';
import { maxTracks, Track } from './track.js';
import { slugPattern, Workspace, workspaceKinds, type WorkspaceKind } from './workspace.js';

/** A resource as one entry of a workspace's public page. */
export class PageEntry {
  @Id() id: string;
  @Text({ max: shortIdLength }) shortId: string;
  @OneOf(resourceTypes) type: ResourceType;
  @Text({ max: 300 }) @Nullable() title: string | null;
  @Text({ max: 320 }) @Nullable() excerpt: string | null;
  /** Of a song, in seconds. */
  @Whole() @Nullable() duration: number | null;
  @Timestamp() publishedAt: string;
  @Timestamp() updatedAt: string;
}

/** An entry of a feed: with what a reader shows in place of the page. */
export class FeedEntry extends PageEntry {
  /** The rendered body where there is one and it is no longer than a feed carries; safe to show. */
  @Text({ max: 4 * 1024 * 1024 }) @Nullable() bodyHtml: string | null;
}

/** Where a page of entries stands in its list. */
export class EntriesMeta {
  @Whole({ min: 1 }) limit: number;
  @Text({ max: 500 }) @Nullable() after: string | null;
  @Text({ max: 500 }) @Nullable() before: string | null;
}

export class PageEntries {
  @ListOf(() => PageEntry, { max: 100 }) data: PageEntry[];
  @Nested(() => EntriesMeta) meta: EntriesMeta;
}

export class WorkspacePage {
  /** With its links. */
  @Nested(() => Workspace) workspace: Workspace;
  @Nested(() => PageEntries) entries: PageEntries;
}

export class FeedEntries {
  @ListOf(() => FeedEntry, { max: 100 }) data: FeedEntry[];
  @Nested(() => EntriesMeta) meta: EntriesMeta;
}

export class FeedPage {
  @Nested(() => Workspace) workspace: Workspace;
  /** The newest, those that were published last first. */
  @Nested(() => FeedEntries) entries: FeedEntries;
}

/** Who is credited for a resource and may be seen by everybody: a workspace, or a user who has a handle. */
export class PageAuthor {
  @OneOf(authorTypes) type: AuthorType;
  @Text({ max: 64 }) id: string;
  /** A user's display name, else his handle. */
  @Text({ max: 100 }) name: string;
  /** Of a workspace, whose page it names; a user has none. */
  @Text({ max: 50 }) @Nullable() slug: string | null;
  /** Of a workspace. */
  @OneOf(workspaceKinds) @Nullable() kind: WorkspaceKind | null;
  @Text({ max: 50 }) @Nullable() role: string | null;
  @HttpsUrl() @Nullable() avatarUrl: string | null;
  @Nested(() => ThemeConfig) @Nullable() themeConfig: ThemeConfig | null;
}

/** An album on which a song stands, with the way to its page. */
export class PageAlbum {
  @Text({ max: shortIdLength }) shortId: string;
  @Text({ max: 300 }) title: string;
}

/** How many albums the page of a song names at most. */
export const maxPageAlbums = 10;

/** A track with the way to its song's page. */
export class PageTrack extends Track {
  @Text({ max: shortIdLength }) shortId: string;
}

export class ResourcePage {
  /** With its links. */
  @Nested(() => Resource) resource: Resource;
  /** Its authors, in their order; whom a guest may not see is not among them. */
  @ListOf(() => PageAuthor, { max: maxAuthors }) authors: PageAuthor[];
  /** Of an album: the songs that a guest may read. */
  @ListOf(() => PageTrack, { max: maxTracks }) tracks: PageTrack[];
  /** Of a song: the newest LISTED albums of the same owner or one of its author workspaces that a guest may read. */
  @ListOf(() => PageAlbum, { max: maxPageAlbums }) albums: PageAlbum[];
}

export class WorkspacePageOf extends PageQuery {
  @Text({ min: 2, max: 50, pattern: slugPattern }) slug: string;
}

export class FeedOf {
  @Text({ min: 2, max: 50, pattern: slugPattern }) slug: string;
}

export class ResourcePageOf {
  @Text({ min: shortIdLength, max: shortIdLength, pattern: shortIdPattern }) shortId: string;
}

/**
 * All that a public page shows, in one call (content.md, "Outside /v1"). Services only; whoever opens a page is the guest, and
 * access is decided as for him.
 */
export const pages = calls('content.page', {
  workspace: query({
    scope: null,
    callers: ['gateway'],
    request: WorkspacePageOf,
    reply: one(WorkspacePage),
    fails: [notFound],
    summary: 'A workspace’s public page.',
  }),
  feed: query({
    scope: null,
    callers: ['gateway'],
    request: FeedOf,
    reply: one(FeedPage),
    fails: [notFound],
    summary: 'The newest of a workspace, with their bodies.',
  }),
  resource: query({
    scope: null,
    callers: ['gateway'],
    request: ResourcePageOf,
    reply: one(ResourcePage),
    fails: [notFound],
    summary: 'A resource’s public page, by its short id.',
  }),
});
