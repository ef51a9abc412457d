import { activeTraceparent } from '../telemetry/tracing.js';
import type { Caller, Context } from '@erato/contracts/kit/context';

/** Who caused a change, as events and trails name him: a key beside its subject, a workspace acted for beside the user. */
export function actorOf(caller: Caller, actAs?: string): string {
  const subject = caller.subjectType === 'guest' ? 'guest' : `${caller.subjectType}:${caller.subjectId}`;
  return [subject, caller.keyId ? `key:${caller.keyId}` : '', actAs ? `as:${actAs}` : '']
    .filter(Boolean)
    .join(' ');
}

/** What a transaction needs of the call or event in which it runs. */
export type WriteContext = Pick<Context, 'requestId' | 'deadline' | 'once'> & {
  readonly actor: string;
  readonly traceparent?: string;
};

export function writeContext(context: Context): WriteContext {
  const traceparent = activeTraceparent() ?? context.traceparent;
  return {
    actor: actorOf(context.caller, context.actAs),
    requestId: context.requestId,
    deadline: context.deadline,
    ...(traceparent ? { traceparent } : {}),
    ...(context.once ? { once: context.once } : {}),
  };
}
