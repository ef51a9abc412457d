import { calls, one, query } from '../kit/call.js';
import { notFound } from '../kit/failure.js';
import { HttpsUrl, Id, ListOf, Nested, Nullable, Optional, Text, Whole } from '../kit/fields.js';
import { maxAuthors } from './author.js';
import { Resource, ResourceSummary, shortIdLength, shortIdPattern } from './resource.js';
import { slugPattern, Workspace } from './workspace.js';

/** A workspace as the page of what it has made names it. */
export class CreditedWorkspace {
  @Id() id: string;
  @Text({ max: 50 }) slug: string;
  @Text({ max: 100 }) name: string;
  @HttpsUrl() @Nullable() avatarUrl: string | null;
}

/** All that the page of a smart link shows. */
export class ResourcePage {
  /** With its typed part, the authors who have accepted, and its links. */
  @Nested(() => Resource) resource: Resource;
  /** Those of its author workspaces that everyone may read. */
  @ListOf(() => CreditedWorkspace, { max: maxAuthors }) workspaces: CreditedWorkspace[];
}

/** All that the public page of a workspace and its feed show. */
export class WorkspacePage {
  /** With its links. */
  @Nested(() => Workspace) workspace: Workspace;
  /** What it has published and lists, newest first. */
  @ListOf(() => ResourceSummary, { max: 100 }) resources: ResourceSummary[];
  /** The cursor for `after` of what comes behind; null at the end. */
  @Text({ max: 4_096 }) @Nullable() after: string | null;
}

export class ResourcePageOf {
  @Text({ min: shortIdLength, max: shortIdLength, pattern: shortIdPattern }) shortId: string;
}

export class WorkspacePageOf {
  @Text({ min: 2, max: 50, pattern: slugPattern }) slug: string;
  /** How many resources: 20 when left out. */
  @Whole({ min: 1, max: 100 }) @Optional() limit?: number;
  @Text({ min: 1, max: 4_096 }) @Optional() after?: string;
}

/** What the gateway's public pages show, as a guest sees it; services only. */
export const pages = calls('content.page', {
  resource: query({
    scope: null,
    request: ResourcePageOf,
    reply: one(ResourcePage),
    fails: [notFound],
    summary: 'What the page of a smart link shows to everyone.',
  }),
  workspace: query({
    scope: null,
    request: WorkspacePageOf,
    reply: one(WorkspacePage),
    fails: [notFound],
    summary: 'What the public page of a workspace, and its feed, show to everyone.',
  }),
});
