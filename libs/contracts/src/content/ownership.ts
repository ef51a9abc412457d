import { calls, one, query, whole } from '../kit/call.js';
import { ListOf, OneOf, Text, Whole } from '../kit/fields.js';

export class OwnerRef {
  @OneOf(['user', 'organization']) type: 'user' | 'organization';
  @Text({ min: 1, max: 64 }) id: string;
}

export class OwnersOf {
  @ListOf(() => OwnerRef, { max: 1000 }) owners: OwnerRef[];
}

/** A workspace as others name it. */
export class WorkspaceName {
  @Text({ max: 64 }) id: string;
  @Text({ max: 50 }) slug: string;
  @Text({ max: 100 }) name: string;
}

export class OwnedCount {
  @Whole() workspaces: number;
  @Whole() resources: number;
}

/** What identity asks content about what somebody owns; services only. */
export const ownership = calls('content.ownership', {
  workspaces: query({
    scope: null,
    callers: ['identity'],
    request: OwnersOf,
    reply: whole(WorkspaceName),
    summary: 'The workspaces that these own, by name, at most 100.',
  }),
  count: query({
    scope: null,
    callers: ['identity'],
    request: OwnerRef,
    reply: one(OwnedCount),
    summary: 'How much somebody owns.',
  }),
});
