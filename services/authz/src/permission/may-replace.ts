import type { ObjectRef } from '@erato/contracts/authz/object-description';
import type { PermissionValue } from '@erato/contracts/authz/permission';
import type { Caller } from '@erato/contracts/kit/context';
import type { Judge } from '../decision/judge.js';

interface Said {
  readonly action: string;
  readonly value: PermissionValue;
  readonly expiresAt?: string | Date | null;
}

/**
 * "Nobody gives more than he has" (authz.md): whoever allows an action must have all that it allows; whoever lifts a
 * deny, or lets it end sooner, gives what it took, and must have that. Denying, and unsetting an allow, need nothing
 * beside `admin`.
 */
export function mayReplace(
  judge: Judge,
  caller: Caller,
  object: ObjectRef,
  before: Said | null,
  after: Said | null,
): boolean {
  if (
    before?.value === 'deny' &&
    lifts(before, after) &&
    !judge.holds(caller, object, before.action, 'denies')
  ) {
    return false;
  }
  return after?.value !== 'allow' || judge.holds(caller, object, after.action, 'allows');
}

function lifts(deny: Said, after: Said | null): boolean {
  return after?.value !== 'deny' || endOf(after) < endOf(deny);
}

const endOf = ({ expiresAt }: Said): number => (expiresAt ? new Date(expiresAt).getTime() : Infinity);
