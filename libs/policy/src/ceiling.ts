import type { ActionTable } from './actions.js';
import type { Ceiling, Path, PathElement } from './facts.js';

/** What a ceiling says: the element that it names nearest to the asked object, and whether the action is under it. */
export interface CeilingAnswer {
  allowed: boolean;
  /** Null: it names nothing on the path, which denies. */
  element: PathElement | null;
}

/**
 * Reads an API key's ceiling (authz.md): `{ "<object type>": { "actions": [ … ], "ids"?: [ … ] } }`.
 *
 * It names an element when it holds the element's type, without `ids` or with the element's id among them. Read
 * from the object outwards, the first distance at which it names anything decides: its `actions`, with what they
 * imply, are what is left; so an entry for a workspace covers the resources below it, unless an entry names the
 * resource itself, which then holds instead, be it narrower or wider. What it names nowhere on the path is denied.
 */
export function readCeiling(ceiling: Ceiling, path: Path, table: ActionTable, action: number): CeilingAnswer {
  for (const group of path) {
    let named: PathElement | null = null;
    for (const element of group) {
      const entry = Object.hasOwn(ceiling, element.type) ? ceiling[element.type] : undefined;
      if (entry === undefined || entry.ids?.includes(element.id) === false) continue;
      if (table.isAllowedBy(entry.actions, action)) return { allowed: true, element };
      named ??= element;
    }
    if (named) return { allowed: false, element: named };
  }
  return { allowed: false, element: null };
}
