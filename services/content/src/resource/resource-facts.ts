import type { AuthorRef } from '@erato/contracts/content/author';
import type { ResourceFact } from '@erato/contracts/content/events';
import { describeResource } from '../access/targets.js';
import type { ResourceRow } from './resource-view.js';

/** Authors as the access path holds them: workspaces, then users. */
const authorsIn = ({
  authorWorkspaces,
  authorUsers,
}: Pick<ResourceRow, 'authorWorkspaces' | 'authorUsers'>): AuthorRef[] => [
  ...authorWorkspaces.map((authorId) => ({ authorType: 'workspace' as const, authorId })),
  ...authorUsers.map((authorId) => ({ authorType: 'user' as const, authorId })),
];

type Told = Omit<ResourceRow, 'part' | 'excerptGiven'>;

/** What events tell of a resource; of one that is gone without the description. */
export const resourceFact = (row: Told, gone = false): ResourceFact => ({
  resourceId: row.id,
  type: row.type,
  ownerType: row.ownerType,
  ownerId: row.ownerId,
  status: row.status,
  publishedAt: row.publishedAt?.toISOString() ?? null,
  authors: authorsIn(row),
  version: row.version,
  object: gone ? null : describeResource(row),
});
