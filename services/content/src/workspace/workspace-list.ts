import type { ListWorkspaces } from '@erato/contracts/content/workspace';
import { anyOf, beginsWith, listOf } from '../access/filters.js';
import type { Listing, ShownSort } from '../access/listing.js';

const sorts = {
  name: { field: 'name', column: 'r.name_key', type: 'text' },
  createdAt: { field: 'createdAt', column: 'r.created_at', type: 'timestamptz' },
} as const satisfies Readonly<Record<string, Omit<ShownSort, 'descending'>>>;

/** The list of workspaces. */
export function workspaceListing(input: ListWorkspaces): Listing {
  const { ownerType, ownerId, visibility, kind, q, sort = '-createdAt' } = input;
  const descending = sort.startsWith('-');
  const by = (descending ? sort.slice(1) : sort) as keyof typeof sorts;
  return {
    kind: 'workspace',
    named: ['workspaces', listOf(input)],
    request: input,
    sort: { ...sorts[by], descending },
    filters: (into) =>
      anyOf('r.owner_id', ownerId, into) +
      anyOf('r.owner_type', ownerType, into) +
      anyOf('r.kind', kind, into) +
      (q === undefined ? '' : beginsWith('r.name_key', q, into)),
    shown: visibility?.includes('public') ?? true,
    rest: visibility?.includes('private') ?? true,
    asUpdate: 'false',
    json: 'r.json',
  };
}
