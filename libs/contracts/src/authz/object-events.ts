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
} from '../content/events.js';
import type { EventType } from '../kit/event.js';
import type { ObjectDescription } from './object-description.js';

/** An event about an object, whose id is the event's subject; null where the object is gone. */
interface ObjectEvent {
  readonly type: string;
  readonly event: EventType<{ object: ObjectDescription | null }>;
}

const about = (type: string, ...events: ObjectEvent['event'][]): ObjectEvent[] =>
  events.map((event) => ({ type, event }));

/**
 * The events from which authz keeps what objects are (authz.md, Tables, `objects`). A service that owns another type adds its
 * events here and its `describe` to authz/describe.ts; authz itself needs no change.
 */
export const objectEvents: readonly ObjectEvent[] = [
  ...about('workspace', workspaceCreated, workspaceUpdated, workspaceTransferred, workspaceDeleted),
  ...about(
    'resource',
    resourceCreated,
    resourceUpdated,
    resourcePublished,
    resourceListed,
    resourceUnlisted,
    resourceDeleted,
    authorAdded,
    authorRemoved,
  ),
];
