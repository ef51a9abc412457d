import { ObjectDescription } from '../authz/object-description.js';
import { event } from '../kit/event.js';
import { Id, ListOf, Nested, Nullable, OneOf, Text, Timestamp, Whole } from '../kit/fields.js';
import { AuthorRef, maxAuthors } from './author.js';
import { maxLinks } from './link.js';
import { resourceStatuses, type ResourceStatus } from './resource.js';
import { resourceTypes, type ResourceType } from './resource-parts.js';
import { ownerTypes, visibilities, type OwnerType, type Visibility } from './workspace.js';

/** A workspace as it is after what happened. */
export class WorkspaceFact {
  @Id() workspaceId: string;
  @Text({ min: 2, max: 50 }) slug: string;
  @OneOf(ownerTypes) ownerType: OwnerType;
  @Text({ min: 1, max: 64 }) ownerId: string;
  @OneOf(visibilities) visibility: Visibility;
  @Whole({ min: 1 }) version: number;
  /** What permissions must know of it; null when it is deleted. */
  @Nested(() => ObjectDescription) @Nullable() object: ObjectDescription | null;
}

/** A workspace that has another owner, and who owned it before. */
export class WorkspaceTransferFact extends WorkspaceFact {
  @OneOf(ownerTypes) fromType: OwnerType;
  @Text({ min: 1, max: 64 }) fromId: string;
}

/** A resource as it is after what happened. */
export class ResourceFact {
  @Id() resourceId: string;
  @OneOf(resourceTypes) type: ResourceType;
  @OneOf(ownerTypes) ownerType: OwnerType;
  @Text({ min: 1, max: 64 }) ownerId: string;
  @OneOf(resourceStatuses) status: ResourceStatus;
  /** Null while it is a draft. */
  @Timestamp() @Nullable() publishedAt: string | null;
  /** Those who have accepted: workspaces, then users. */
  @ListOf(() => AuthorRef, { max: maxAuthors }) authors: AuthorRef[];
  @Whole({ min: 1 }) version: number;
  /** What permissions must know of it; null when it is deleted. */
  @Nested(() => ObjectDescription) @Nullable() object: ObjectDescription | null;
}

/** An author of a resource that stands. */
export class AuthorFact extends AuthorRef {
  @Id() resourceId: string;
  /** Null while the user who was named has not accepted; then his consent is asked for. */
  @Timestamp() @Nullable() acceptedAt: string | null;
  /** What permissions must know of the resource. */
  @Nested(() => ObjectDescription) object: ObjectDescription;
}

export const workspaceCreated = event('content.workspace.created', WorkspaceFact, 'A workspace was opened.');
export const workspaceUpdated = event(
  'content.workspace.updated',
  WorkspaceFact,
  'A field or link of a workspace changed.',
);
export const workspaceTransferred = event(
  'content.workspace.transferred',
  WorkspaceTransferFact,
  'A workspace has another owner; its API keys are to end.',
);
export const workspaceDeleted = event('content.workspace.deleted', WorkspaceFact, 'A workspace is gone.');

export const resourceCreated = event(
  'content.resource.created',
  ResourceFact,
  'A resource was made; where it was published or listed at once this says so, and no further event does.',
);
export const resourceUpdated = event(
  'content.resource.updated',
  ResourceFact,
  'A field, part or link of a resource changed, or who may read it because of its workspaces.',
);
export const resourcePublished = event('content.resource.published', ResourceFact, 'A draft was published.');
export const resourceListed = event('content.resource.listed', ResourceFact, 'A resource is LISTED now.');
export const resourceUnlisted = event(
  'content.resource.unlisted',
  ResourceFact,
  'A resource is UNLISTED now.',
);
export const resourceDeleted = event('content.resource.deleted', ResourceFact, 'A resource is gone.');

export const authorAdded = event(
  'content.author.added',
  AuthorFact,
  'A user was asked to be an author (`acceptedAt` null), or someone is an author now. Those with whom a resource was made at once stand in content.resource.created.',
);
export const authorRemoved = event('content.author.removed', AuthorFact, 'Someone is no author any more.');

/** What came to a link of a resource in an hour, as far as it was counted since the last of these. */
export class LinkClickFact {
  @Id() resourceId: string;
  @Id() linkId: string;
  @Whole({ min: 1, max: maxLinks }) position: number;
  /** The beginning of the hour. */
  @Timestamp() hour: string;
  @Whole({ min: 1 }) clicks: number;
  /** About how many of them had not come before on that day. */
  @Whole() visitors: number;
}

export const linkClicked = event(
  'content.link.clicked',
  LinkClickFact,
  'A link was followed, so often since the last of these: one for many clicks, within a second.',
);

export class ContentErasure {
  @Text({ min: 1, max: 64 }) userId: string;
}

export const erasureCompleted = event(
  'content.erasure.completed',
  ContentErasure,
  'What content held of a deleted user is erased or nobody’s.',
);
