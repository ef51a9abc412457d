import { Injectable } from '@nestjs/common';
import { lastAuthor, type RemoveAuthor } from '@erato/contracts/content/author';
import { authorRemoved } from '@erato/contracts/content/events';
import type { Context } from '@erato/contracts/kit/context';
import { notFound } from '@erato/contracts/kit/failure';
import { Db } from '@erato/platform/database/db';
import type { Tx } from '@erato/platform/database/tx';
import { Policy } from '@erato/policy/client/policy';
import { requireVersion } from '@erato/platform/patch/if-match';
import { resourceTarget } from '../access/targets.js';
import { refreshPaths } from '../resource/access-path.js';
import { lockResource, touchResource } from '../resource/resource-writes.js';
import type { ResourceRow } from '../resource/resource-view.js';
import { keepRevision } from '../revision/keep-revision.js';
import { AuthorEntity } from './author.entity.js';
import { authorFact, authorsOf, isSame, type AuthorRow } from './author-view.js';

/** Removes an author: for who may update the resource, and for the user himself, accepted or not. */
@Injectable()
export class RemoveAuthors {
  constructor(
    private readonly db: Db,
    private readonly policy: Policy,
  ) {}

  run(context: Context, { id, ...ref }: RemoveAuthor): Promise<void> {
    return this.db.transaction(context, async (tx) => {
      const row = await lockResource(tx, id);
      if (!row) throw notFound();
      const authors = await tx.rows<AuthorRow>(authorsOf, [row.id]);
      const author = authors.find((each) => isSame(each, ref));
      const { subjectType, subjectId } = context.caller;
      const isSelf = author?.authorType === 'user' && subjectType === 'user' && author.authorId === subjectId;
      if (!isSelf) await this.policy.require(context, 'update', resourceTarget(row));
      requireVersion(context, row);
      if (!author) throw notFound({ detail: 'There is no such author.' });
      if (!authors.some((other) => other !== author && other.acceptedAt)) throw lastAuthor();
      await keepRevision(tx, row);
      await removeAuthor(tx, row, author);
    });
  }
}

/** Takes an author from a resource that the transaction holds locked, and tells of it. */
async function removeAuthor(tx: Tx, row: ResourceRow, author: AuthorRow): Promise<void> {
  const { authorType, authorId } = author;
  await tx.delete(AuthorEntity, { resourceId: row.id, authorType, authorId });
  await refreshPaths(tx, [row.id]);
  await touchResource(tx, row);
  const moved = await lockResource(tx, row.id);
  if (moved) tx.emit(authorRemoved, row.id, authorFact(moved, author));
}
