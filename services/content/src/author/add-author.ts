import { Injectable } from '@nestjs/common';
import {
  authorExists,
  authorFixed,
  authorNotAllowed,
  maxAuthors,
  tooManyAuthors,
  type AddAuthor,
  type Author,
} from '@erato/contracts/content/author';
import { authorAdded } from '@erato/contracts/content/events';
import type { Context } from '@erato/contracts/kit/context';
import { notFound } from '@erato/contracts/kit/failure';
import { statement } from '@erato/platform/database/statement';
import { Policy } from '@erato/policy/client/policy';
import { resourceTarget } from '../access/targets.js';
import { refreshPaths } from '../resource/access-path.js';
import { lockResource, ResourceWrites, touchResource } from '../resource/resource-writes.js';
import { ResourceReads } from '../resource/resource.reads.js';
import { keepRevision } from '../revision/keep-revision.js';
import { AuthorEntity } from './author.entity.js';
import { authorFact, authorsOf, isSame, toAuthor, type AuthorRow } from './author-view.js';
import { Naming } from './naming.js';

const lockWorkspace = statement('SELECT id FROM workspaces WHERE id = $1 FOR SHARE');

/** Names one more author of a resource. */
@Injectable()
export class AddAuthors {
  constructor(
    private readonly writes: ResourceWrites,
    private readonly reads: ResourceReads,
    private readonly policy: Policy,
    private readonly naming: Naming,
  ) {}

  async run(context: Context, { id, ...named }: AddAuthor): Promise<Author> {
    const standing = await this.reads.find(id);
    if (!standing) throw notFound();
    await this.policy.require(context, 'update', resourceTarget(standing));
    const [given] = await this.naming.name(context, [named], { path: 'authorId', first: 1, now: new Date() });
    if (!given) throw notFound();
    return this.writes.change(context, id, 'update', async (tx, row) => {
      if (row.type === 'status') throw authorFixed();
      const authors = await tx.rows<AuthorRow>(authorsOf, [row.id]);
      if (authors.some((author) => isSame(author, given))) throw authorExists();
      if (authors.length >= maxAuthors) throw tooManyAuthors();
      if (given.authorType === 'workspace' && !(await tx.row(lockWorkspace, [given.authorId]))) {
        throw authorNotAllowed();
      }
      await keepRevision(tx, row);
      const author = { ...given, position: (authors.at(-1)?.position ?? 0) + 1 };
      await tx.insert(AuthorEntity, { ...author, resourceId: row.id, shown: false });
      await refreshPaths(tx, [row.id]);
      await touchResource(tx, row);
      const moved = await lockResource(tx, row.id);
      if (moved) tx.emit(authorAdded, row.id, authorFact(moved, author));
      return toAuthor(author);
    });
  }
}
