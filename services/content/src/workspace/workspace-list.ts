import { Injectable } from '@nestjs/common';
import type { ListWorkspaces, Workspace } from '@erato/contracts/content/workspace';
import type { Page } from '@erato/contracts/kit/call';
import type { Context } from '@erato/contracts/kit/context';
import type { Sort } from '@erato/platform/paging/keyset';
import { anyOf, beginsWith, listOf } from '../access/filters.js';
import { Lists } from '../access/lists.js';
import { workspaceJson } from './workspace-view.js';

const sorts: Readonly<Record<'name' | 'createdAt', Omit<Sort, 'descending'>>> = {
  name: { column: 'r.name_key', type: 'text' },
  createdAt: { column: 'r.created_at', type: 'timestamptz' },
};

/** The list of workspaces. */
@Injectable()
export class WorkspaceLists {
  constructor(private readonly lists: Lists) {}

  list(context: Context, input: ListWorkspaces): Promise<Page<Workspace>> {
    const { ownerType, ownerId, visibility, kind, q, sort = '-createdAt' } = input;
    const descending = sort.startsWith('-');
    const by = (descending ? sort.slice(1) : sort) as keyof typeof sorts;
    return this.lists.read(context, {
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
      json: workspaceJson,
    });
  }
}
