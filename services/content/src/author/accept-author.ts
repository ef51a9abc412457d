import { Injectable } from '@nestjs/common';
import type { Author, AuthorsOf } from '@erato/contracts/content/author';
import { authorAdded } from '@erato/contracts/content/events';
import type { Context } from '@erato/contracts/kit/context';
import { notFound } from '@erato/contracts/kit/failure';
import { Db } from '@erato/platform/database/db';
import { refreshPaths } from '../resource/access-path.js';
import { lockResource, touchResource } from '../resource/resource-writes.js';
import { AuthorEntity } from './author.entity.js';
import { authorFact, authorsOf, isSame, toAuthor, type AuthorRow } from './author-view.js';

/** Accepts to be named as an author: for the user who was named alone. Who was not finds nothing, whatever is there. */
@Injectable()
export class AcceptAuthors {
  constructor(private readonly db: Db) {}

  run(context: Context, { id }: AuthorsOf): Promise<Author> {
    const { subjectType, subjectId } = context.caller;
    if (subjectType !== 'user') return Promise.reject(notFound());
    return this.db.transaction(context, async (tx) => {
      const row = await lockResource(tx, id);
      const self = { authorType: 'user' as const, authorId: subjectId };
      const authors = row ? await tx.rows<AuthorRow>(authorsOf, [row.id]) : [];
      const named = authors.find((author) => isSame(author, self));
      if (!row || !named) throw notFound();
      if (named.acceptedAt) return toAuthor(named);
      const accepted = { ...named, acceptedAt: new Date() };
      await tx.update(AuthorEntity, { resourceId: row.id, ...self }, { acceptedAt: accepted.acceptedAt });
      await refreshPaths(tx, [row.id]);
      await touchResource(tx, row);
      const moved = await lockResource(tx, row.id);
      if (moved) tx.emit(authorAdded, row.id, authorFact(moved, accepted));
      return toAuthor(accepted);
    });
  }
}
