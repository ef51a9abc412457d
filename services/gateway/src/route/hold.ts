import type { AnyCall } from '@erato/contracts/kit/call';
import { holdsScope } from '@erato/contracts/kit/context';
import { Failure, invalidField, notFound, scopeMissing, unauthenticated } from '@erato/contracts/kit/failure';
import type { Credential } from '../credential/credentials.js';
import type { Route } from './route.js';

/** The scope is checked for guests' routes too: a credential is held to what it may. */
export function holdToScope({ scope, guest }: Pick<AnyCall, 'scope' | 'guest'>, who: Credential): void {
  if (who.caller.subjectType === 'guest') {
    if (!guest) throw unauthenticated();
    return;
  }
  if (scope !== null && !holdsScope(who.caller.scopes, scope)) {
    throw scopeMissing({ detail: `The credential lacks the scope ${scope}.`, extra: { scope } });
  }
}

/** A list is counted for known callers alone: counting costs more than a page, and tells more (http.md, Envelopes). */
export function holdToCount(route: Route, who: Credential, query: object): void {
  if (who.counted !== '' || !route.query.has('count')) return;
  if (Object.hasOwn(query, 'count')) {
    throw invalidField('count', 'not_for_guests', 'needs a credential');
  }
}

/** A malformed id in a path is 404: there is nothing of that name (http.md). */
export function hidingMalformedIds(route: Route, error: unknown): unknown {
  if (!(error instanceof Failure) || error.kind !== 'invalid') return error;
  return error.errors?.some(({ path }) => route.params.includes(path)) ? notFound() : error;
}
