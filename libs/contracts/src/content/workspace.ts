import { calls, command, nothing, one, page, query } from '../kit/call.js';
import { failure, notFound, permissionDenied, preconditionFailed } from '../kit/failure.js';
import {
  Flag,
  HttpsUrl,
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
import { ThemeConfig, ThemeConfigPatch } from '../identity/theme-config.js';
import { Link } from './link.js';
import { resourceTypes, type ResourceType } from './resource-parts.js';

export const workspaceKinds = ['artist', 'label', 'curator', 'press', 'other'] as const;
export type WorkspaceKind = (typeof workspaceKinds)[number];

export const visibilities = ['public', 'private'] as const;
export type Visibility = (typeof visibilities)[number];

/** Who is accountable for a workspace or resource, and pays for it. */
export const ownerTypes = ['user', 'organization'] as const;
export type OwnerType = (typeof ownerTypes)[number];

export const slugPattern = /^[a-z0-9-]+$/;

/** How many resources of a type a profile shows. */
export class TypeCount {
  @OneOf(resourceTypes) type: ResourceType;
  @Whole({ min: 1 }) count: number;
}

/** Numbers of a workspace, as the caller may see them. */
export class WorkspaceStats {
  /** What its profile shows the caller, by type; types of which there is nothing are left out. */
  @ListOf(() => TypeCount, { max: resourceTypes.length }) resources: TypeCount[];
  /** Clicks on the links of everything that it has made, for who may `update` it; null for others. */
  @Whole() @Nullable() clicks: number | null;
}

/** The profile of an artist, a label, a curator, in whose name things are published. */
export class Workspace {
  @Id() id: string;
  @Text({ min: 1, max: 100 }) name: string;
  /** Unique over all workspaces: lower case letters, digits and hyphens. The public page is `/@<slug>`. */
  @Text({ min: 2, max: 50, pattern: slugPattern }) slug: string;
  @Text({ max: 2_000 }) @Nullable() description: string | null;
  @OneOf(workspaceKinds) kind: WorkspaceKind;
  @OneOf(ownerTypes) ownerType: OwnerType;
  @Text({ min: 1, max: 64 }) ownerId: string;
  @HttpsUrl() @Nullable() avatarUrl: string | null;
  @HttpsUrl() @Nullable() bannerUrl: string | null;
  @Nested(() => ThemeConfig) @Nullable() themeConfig: ThemeConfig | null;
  /** What is public may be read by everyone, unless a permission says otherwise. */
  @OneOf(visibilities) visibility: Visibility;
  @Timestamp() createdAt: string;
  @Timestamp() updatedAt: string;
  /** Counts up with each change; the ETag. */
  @Whole({ min: 1 }) version: number;
  /** Only with `include=links`. */
  @ListOf(() => Link, { max: 50 }) @Optional() links?: Link[];
  /** Only with `include=stats`. */
  @Nested(() => WorkspaceStats) @Optional() stats?: WorkspaceStats;
}

export class ListWorkspaces extends PageQuery {
  @WordList(ownerTypes) @Optional() ownerType?: OwnerType[];
  @TextList({ max: 50, length: 64 }) @Optional() ownerId?: string[];
  @WordList(visibilities) @Optional() visibility?: Visibility[];
  @WordList(workspaceKinds) @Optional() kind?: WorkspaceKind[];
  /** The beginning of the name, without regard to case. */
  @Text({ min: 1, max: 100 }) @Optional() q?: string;
  /** `-createdAt` when left out. */
  @OneOf(['name', '-name', 'createdAt', '-createdAt']) @Optional() sort?:
    'name' | '-name' | 'createdAt' | '-createdAt';
}

export const workspaceIncludes = ['links', 'stats'] as const;
export type WorkspaceInclude = (typeof workspaceIncludes)[number];

export class GetWorkspace {
  @Id() id: string;
  @WordList(workspaceIncludes) @Optional() include?: WorkspaceInclude[];
}

export class GetWorkspaceBySlug {
  @Text({ min: 2, max: 50, pattern: slugPattern }) slug: string;
  @WordList(workspaceIncludes) @Optional() include?: WorkspaceInclude[];
}

export class CreateWorkspace {
  @Text({ min: 1, max: 100 }) name: string;
  /** Made from the name when left out. */
  @Text({ min: 2, max: 50, pattern: slugPattern }) @Optional() slug?: string;
  /** `artist` when left out. */
  @OneOf(workspaceKinds) @Optional() kind?: WorkspaceKind;
  /** The caller when left out; else an organization on which the caller may `create`. */
  @OneOf(ownerTypes) @Optional() ownerType?: OwnerType;
  @Text({ min: 1, max: 64 }) @Optional() ownerId?: string;
  /** `public` when left out. */
  @OneOf(visibilities) @Optional() visibility?: Visibility;
  @Text({ max: 2_000 }) @Nullable() @Optional() description?: string | null;
  @HttpsUrl() @Nullable() @Optional() avatarUrl?: string | null;
  @HttpsUrl() @Nullable() @Optional() bannerUrl?: string | null;
  @Nested(() => ThemeConfig) @Nullable() @Optional() themeConfig?: ThemeConfig | null;
}

/** A JSON merge patch: what is left out stays, `null` clears. The owner changes by a transfer alone. */
export class UpdateWorkspace {
  @Id() id: string;
  @Text({ min: 1, max: 100 }) @Optional() name?: string;
  @Text({ min: 2, max: 50, pattern: slugPattern }) @Optional() slug?: string;
  @OneOf(workspaceKinds) @Optional() kind?: WorkspaceKind;
  @OneOf(visibilities) @Optional() visibility?: Visibility;
  @Text({ max: 2_000 }) @Nullable() @Optional() description?: string | null;
  @HttpsUrl() @Nullable() @Optional() avatarUrl?: string | null;
  @HttpsUrl() @Nullable() @Optional() bannerUrl?: string | null;
  /** Merged inside: `{ "colors": { "accent": null } }` removes one colour. */
  @Nested(() => ThemeConfigPatch) @Nullable() @Optional() themeConfig?: ThemeConfigPatch | null;
}

export class DeleteWorkspace {
  @Id() id: string;
  /** Deletes the resources of which it is the only author with it. */
  @Flag() @Optional() cascade?: boolean;
}

export const slugTaken = failure('conflict', 'slug_taken', 'Another workspace has that slug.');
export const ownerNotAllowed = failure(
  'forbidden',
  'owner_not_allowed',
  'You cannot make something that this owner owns.',
);
export const workspaceInUse = failure(
  'conflict',
  'workspace_in_use',
  'Resources would be left without an author.',
);

const shown = {
  id: '0197c1f0-7a2b-7c3d-8e4f-5a6b7c8d9e0f',
  name: 'Night Ferry',
  slug: 'night-ferry',
  description: 'Four people, two synthesizers, one boat.',
  kind: 'artist',
  ownerType: 'user',
  ownerId: 'user_01JZ0A1B2C3D4E5F6G7H8J9K0M',
  avatarUrl: 'https://cdn.example.com/night-ferry.jpg',
  bannerUrl: null,
  themeConfig: { colors: { accent: '#0b7285' } },
  visibility: 'public',
  createdAt: '2025-06-30T12:00:00.000Z',
  updatedAt: '2025-06-30T12:00:00.000Z',
  version: 1,
};

export const workspaces = calls('content.workspace', {
  list: query({
    http: 'GET /workspaces',
    scope: 'workspaces:read',
    guest: true,
    request: ListWorkspaces,
    reply: page(Workspace),
    summary: 'The workspaces that the caller may read.',
    example: {
      request: { kind: ['artist'], sort: 'name', limit: 20 },
      reply: { data: [shown], meta: { limit: 20, after: null, before: null } },
    },
  }),
  get: query({
    http: 'GET /workspaces/{id}',
    scope: 'workspaces:read',
    guest: true,
    request: GetWorkspace,
    reply: one(Workspace),
    fails: [notFound],
    summary: 'One workspace.',
    example: { request: { id: shown.id }, reply: shown },
  }),
  getBySlug: query({
    http: 'GET /workspaces/by-slug/{slug}',
    scope: 'workspaces:read',
    guest: true,
    request: GetWorkspaceBySlug,
    reply: one(Workspace),
    fails: [notFound],
    summary: 'One workspace, by its slug.',
    example: { request: { slug: shown.slug }, reply: shown },
  }),
  create: command({
    http: 'POST /workspaces',
    creates: '/workspaces/{id}',
    scope: 'workspaces:write',
    request: CreateWorkspace,
    reply: one(Workspace),
    fails: [slugTaken, ownerNotAllowed],
    summary: 'Opens a workspace.',
    description:
      'The owner is the caller, or an organization on which the caller may `create`. A slug that is left out is made from the name; one that is given must be free.',
    example: { request: { name: shown.name, description: shown.description }, reply: shown },
  }),
  update: command({
    http: 'PATCH /workspaces/{id}',
    scope: 'workspaces:write',
    request: UpdateWorkspace,
    reply: one(Workspace),
    fails: [notFound, permissionDenied, preconditionFailed, slugTaken],
    summary: 'Changes fields of a workspace.',
    description: 'Needs `update`. A JSON merge patch; the owner cannot be changed here.',
    example: {
      request: { id: shown.id, description: null },
      reply: { ...shown, description: null, version: 2 },
    },
  }),
  delete: command({
    http: 'DELETE /workspaces/{id}',
    scope: 'workspaces:write',
    request: DeleteWorkspace,
    reply: nothing,
    fails: [notFound, permissionDenied, preconditionFailed, workspaceInUse],
    summary: 'Deletes a workspace.',
    description:
      'Needs `delete`. 409 while it is the only author of a resource, unless `cascade=true` deletes those too, which needs `delete` on each; and 409 while it is one of the authors of a resource that the caller may not update. One with more than 500 resources goes in batches: where time runs out, what is left goes when it is asked for again.',
    example: { request: { id: shown.id, cascade: true } },
  }),
});
