import type { Caller, Context } from '@erato/contracts/kit/context';
import { invalid, permissionDenied } from '@erato/contracts/kit/failure';
import type { Authority, Requirement } from './authority.js';

/** What a list of rows may name: the object on which they stand, the subject that they address. */
export interface Named {
  readonly objectType?: string;
  readonly objectId?: string;
  readonly subjectType?: string;
  readonly subjectId?: string;
}

/** Whether the subject is the caller itself: rows about oneself are shown to anyone (authz.md). */
export function isOneself({ type, id }: { type: string; id: string }, caller: Caller): boolean {
  return caller.subjectType === type && caller.subjectId === id;
}

/**
 * Holds a list to what its caller may see: an object's rows where he meets the requirement there, a subject's rows where
 * that is himself; everything with scope `admin`.
 *
 * @throws Failure `validation_failed` where neither an object nor a subject is named
 */
export async function requireListed(
  authority: Authority,
  requirement: Requirement,
  { objectType, objectId, subjectType, subjectId }: Named,
  context: Context,
): Promise<void> {
  const object = objectType && objectId ? { type: objectType, id: objectId } : null;
  const subject = subjectType && subjectId ? { type: subjectType, id: subjectId } : null;
  if (!object && !subject) {
    const message = 'name an object (objectType, objectId) or a subject (subjectType, subjectId)';
    throw invalid({ errors: [{ path: 'objectId', code: 'required', message }] });
  }
  if (context.caller.scopes.includes('admin')) return;
  if (subject && isOneself(subject, context.caller)) return;
  if (!object) throw permissionDenied();
  await authority.require(context, requirement, [object]);
}
