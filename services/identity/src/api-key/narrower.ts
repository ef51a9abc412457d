import { ActionTable } from '@erato/policy/actions';
import type { Ceiling } from '@erato/contracts/kit/context';
import { holdsScope, type Scope } from '@erato/contracts/kit/context';

const actions = new ActionTable();

type Entry = Ceiling[string];

/** Whether each of these scopes is held by those. */
export const scopesWithin = (scopes: readonly string[], held: readonly string[]): boolean =>
  scopes.every((scope) => holdsScope(held, scope as Scope));

/**
 * Whether a ceiling allows nothing that the other one denies (authz.md, An API key's ceiling). Null bounds nothing.
 *
 * The element that a ceiling names nearest to an object decides, be it narrower or wider than those further out. So an
 * entry that goes, or loses ids, lets what it held fall to the others; and an entry that comes speaks where others did.
 * Where that could widen anything, it counts as wider: this errs on the side of refusing.
 */
export function isWithin(next: Ceiling | null, current: Ceiling | null): boolean {
  if (current === null) return true;
  if (next === null) return false;
  for (const [type, entry] of Object.entries(next)) {
    const before = own(current, type);
    if (!before || !actionsWithin(entry, before) || !idsWithin(entry, before)) return false;
  }
  return Object.entries(current).every(([type, before]) => {
    const after = own(next, type);
    if (after && keepsIds(after, before)) return true;
    return Object.entries(next).every(([other, entry]) => other === type || actionsWithin(entry, before));
  });
}

/** The narrower of two ceilings where one is within the other; undefined where neither is. */
export function narrowerOf(one: Ceiling | null, other: Ceiling | null): Ceiling | null | undefined {
  if (isWithin(one, other)) return one;
  return isWithin(other, one) ? other : undefined;
}

const own = (ceiling: Ceiling, type: string): Entry | undefined =>
  Object.hasOwn(ceiling, type) ? ceiling[type] : undefined;

const actionsWithin = (entry: Entry, before: Entry): boolean =>
  entry.actions.every((slug) => before.actions.includes(slug) || allows(before.actions, slug));

function allows(held: readonly string[], slug: string): boolean {
  const number = actions.number(slug);
  return number !== undefined && actions.isAllowedBy(held, number);
}

const idsWithin = (entry: Entry, before: Entry): boolean =>
  before.ids === undefined || (entry.ids?.every((id) => before.ids?.includes(id)) ?? false);

const keepsIds = (entry: Entry, before: Entry): boolean =>
  entry.ids === undefined || (before.ids?.every((id) => entry.ids?.includes(id)) ?? false);
