import { authzErasureCompleted } from './authz/events.js';
import { erasureCompleted as contentErasureCompleted } from './content/events.js';
import { identityErasureCompleted, type ErasureFact } from './identity/events.js';
import type { EventType } from './kit/event.js';
import type { ServiceName } from './services.js';

/**
 * The event by which each service says that it holds nothing of a deleted user any more (identity.md, Sync). A service that
 * is missing here does not compile; identity consumes those of the others, so its line in `services.ts` names them.
 */
export const erasures = {
  identity: identityErasureCompleted,
  authz: authzErasureCompleted,
  content: contentErasureCompleted,
} as const satisfies Record<Exclude<ServiceName, 'gateway'>, EventType<ErasureFact>>;
