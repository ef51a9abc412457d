import type { Context } from '@erato/contracts/kit/context';
import { ownContext, type CallContext } from '@erato/platform/transport/caller';

/** The context of a call that the service makes for itself while it serves a request: with that one's deadline. */
export const aside = ({
  requestId,
  deadline,
  traceparent,
}: Pick<Context, 'requestId' | 'deadline' | 'traceparent'>): CallContext => ({
  ...ownContext({ requestId, ...(traceparent ? { traceparent } : {}) }),
  deadline,
});
