import type { WriteContext } from '@erato/platform/database/write-context';

/** The context of a transaction that the service makes for itself, with so many milliseconds for it. */
export const ownWrite = (ms: number): WriteContext => ({
  actor: 'service:content',
  requestId: crypto.randomUUID(),
  deadline: Date.now() + ms,
});
