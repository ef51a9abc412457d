import {
  actionChanged,
  objectChanged,
  roleChanged,
  subjectChanged,
  type ObjectChanged,
  type SubjectChanged,
} from '@erato/contracts/authz/events';
import type { CloudEvent } from '@erato/contracts/kit/event';
import type { Bus } from '@erato/platform/transport/bus';
import type { FactsCache } from './facts-cache.js';

/**
 * Drops from the cache what authz's events name, in this process and at once: a plain subscription, beside the durable
 * consumers. What cannot be read is taken as missed. Gives the function that ends it.
 */
export function invalidateByEvents(cache: FactsCache, bus: Bus): () => void {
  const apply: Record<string, (event: CloudEvent<unknown>) => void> = {
    [objectChanged.subject]: ({ data }) => {
      const { revision, ...object } = data as ObjectChanged;
      cache.objectChanged(object, revision);
    },
    [subjectChanged.subject]: ({ data }) => {
      const { revision, ...subject } = data as SubjectChanged;
      cache.subjectChanged(subject, revision);
    },
    [roleChanged.subject]: ({ data }) => cache.rulesChanged((data as { revision: number }).revision),
    [actionChanged.subject]: ({ data }) => cache.rulesChanged((data as { revision: number }).revision),
  };
  const subscription = bus.connection.subscribe('event.authz.>', {
    callback: (error, message) => {
      try {
        if (error) throw error;
        apply[message.subject]?.(message.json<CloudEvent<unknown>>());
      } catch {
        cache.restart();
      }
    },
  });
  bus.onReconnect(() => cache.restart());
  return () => subscription.unsubscribe();
}
