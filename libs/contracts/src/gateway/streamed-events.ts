import type { ObjectRef } from '../authz/object-description.js';
import {
  authorAdded,
  authorRemoved,
  resourceCreated,
  resourceDeleted,
  resourceListed,
  resourcePublished,
  resourceUnlisted,
  resourceUpdated,
  workspaceCreated,
  workspaceDeleted,
  workspaceTransferred,
  workspaceUpdated,
  type AuthorFact,
  type ResourceFact,
  type WorkspaceFact,
} from '../content/events.js';
import type { EventType } from '../kit/event.js';

/** How an event is told on streams (http.md, `GET /v1/stream`). */
export interface StreamedEvent<T> {
  readonly name: string;
  /** What one must be allowed to read in order to be told. */
  object(data: T): ObjectRef;
  topics(data: T): readonly string[];
  /** What is told: ids and what everyone who may read the object sees of it; nothing else of the event. */
  facts(data: T): Readonly<Record<string, unknown>>;
  /** Whether the object is gone after it: it is told to those alone who have been told of the object before. */
  readonly ends: boolean;
}

const ofResource = ({ name }: EventType<ResourceFact>, ends = false): StreamedEvent<ResourceFact> => ({
  name,
  object: ({ resourceId }) => ({ type: 'resource', id: resourceId }),
  topics: ({ resourceId, authors }) => [
    `resource:${resourceId}`,
    ...authors
      .filter(({ authorType }) => authorType === 'workspace')
      .map(({ authorId }) => `workspace:${authorId}`),
  ],
  facts: ({ resourceId, type, status, publishedAt, version }) => ({
    resourceId,
    type,
    status,
    publishedAt,
    version,
  }),
  ends,
});

const ofWorkspace = ({ name }: EventType<WorkspaceFact>, ends = false): StreamedEvent<WorkspaceFact> => ({
  name,
  object: ({ workspaceId }) => ({ type: 'workspace', id: workspaceId }),
  topics: ({ workspaceId }) => [`workspace:${workspaceId}`],
  facts: ({ workspaceId, slug, version }) => ({ workspaceId, slug, version }),
  ends,
});

/** Who is an author is read at the resource; one who was asked and has not accepted is nobody's business. */
const ofAuthor = ({ name }: EventType<AuthorFact>): StreamedEvent<AuthorFact> => ({
  name,
  object: ({ resourceId }) => ({ type: 'resource', id: resourceId }),
  topics: ({ resourceId, acceptedAt }) => (acceptedAt === null ? [] : [`resource:${resourceId}`]),
  facts: ({ resourceId }) => ({ resourceId }),
  ends: false,
});

/** Every event that streams tell. */
export const streamedEvents: readonly StreamedEvent<never>[] = [
  ofWorkspace(workspaceCreated),
  ofWorkspace(workspaceUpdated),
  ofWorkspace(workspaceTransferred),
  ofWorkspace(workspaceDeleted, true),
  ofResource(resourceCreated),
  ofResource(resourceUpdated),
  ofResource(resourcePublished),
  ofResource(resourceListed),
  ofResource(resourceUnlisted),
  ofResource(resourceDeleted, true),
  ofAuthor(authorAdded),
  ofAuthor(authorRemoved),
];
