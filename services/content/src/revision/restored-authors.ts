import { Injectable } from '@nestjs/common';
import type { NewAuthor } from '@erato/contracts/content/author';
import { authorAdded, authorRemoved } from '@erato/contracts/content/events';
import type { Context } from '@erato/contracts/kit/context';
import type { FieldError } from '@erato/contracts/kit/failure';
import { Db } from '@erato/platform/database/db';
import { statement } from '@erato/platform/database/statement';
import type { Tx } from '@erato/platform/database/tx';
import { AuthorEntity } from '../author/author.entity.js';
import { authorFact, authorsOf, isSame, readAuthors, type AuthorRow } from '../author/author-view.js';
import { Naming, toRow } from '../author/naming.js';
import { refreshPaths } from '../resource/access-path.js';
import { lockResource } from '../resource/resource-writes.js';
import type { ResourceRow } from '../resource/resource-view.js';

/** The authors of a revision, and what stands against them. */
interface Named {
  readonly authors: readonly NewAuthor[];
  readonly refused: readonly NewAuthor[];
}

/** What becomes of the authors of a resource. */
export interface AuthorPlan {
  readonly next: readonly AuthorRow[];
  readonly added: readonly AuthorRow[];
  readonly removed: readonly AuthorRow[];
  readonly errors: readonly FieldError[];
}

const lockWorkspaces = statement('SELECT id FROM workspaces WHERE id::text = ANY ($1::text[]) FOR SHARE');

/** Makes the authors of a resource those of a revision: who stands stays, whoever is missing is named anew by the caller. */
@Injectable()
export class RestoredAuthors {
  constructor(
    private readonly db: Db,
    private readonly naming: Naming,
  ) {}

  /** Asks others before the row is locked. */
  async ask(context: Context, resourceId: string, authors: readonly NewAuthor[]): Promise<Named> {
    const standing = await readAuthors(this.db, resourceId);
    const missing = authors.filter((author) => !standing.some((each) => isSame(each, author)));
    const { workspaces, users } = await this.naming.refused(context, missing);
    return { authors, refused: [...workspaces, ...users] };
  }

  async plan(context: Context, tx: Tx, row: ResourceRow, named: Named): Promise<AuthorPlan> {
    const standing = await tx.rows<AuthorRow>(authorsOf, [row.id]);
    const now = new Date();
    const next = named.authors.map((author, at) => {
      const known = standing.find((each) => isSame(each, author));
      const position = at + 1;
      return known
        ? { ...known, role: author.role ?? null, position }
        : toRow(context, author, { position, now });
    });
    const added = next.filter((author) => !standing.some((each) => isSame(each, author)));
    const ids = added.filter(({ authorType }) => authorType === 'workspace').map(({ authorId }) => authorId);
    const there = ids.length > 0 ? await tx.rows<{ id: string }>(lockWorkspaces, [ids]) : [];
    const gone = ids.filter((id) => !there.some((each) => each.id === id));
    const errors = next.flatMap((author, at) => {
      const isRefused = named.refused.some((each) => isSame(each, author));
      if (!isRefused && !gone.includes(author.authorId)) return [];
      const message = `${author.authorType} ${author.authorId} is gone, or not yours to name`;
      return [{ path: `authors.${at}`, code: 'author_not_allowed', message }];
    });
    if (!next.some(({ acceptedAt }) => acceptedAt)) {
      errors.push({ path: 'authors', code: 'none_accepted', message: 'nobody of them would be its author' });
    }
    const removed = standing.filter((author) => !next.some((each) => isSame(each, author)));
    return { next, added, removed, errors };
  }

  /** Writes them, and gives the row with its access path as it is then. */
  async write(tx: Tx, row: ResourceRow, { next }: AuthorPlan): Promise<ResourceRow> {
    await tx.delete(AuthorEntity, { resourceId: row.id });
    await tx.insert(
      AuthorEntity,
      next.map((author) => ({ ...author, resourceId: row.id, shown: false })),
    );
    await refreshPaths(tx, [row.id]);
    return (await lockResource(tx, row.id)) ?? row;
  }

  /** Tells of them, once the row has its new version. */
  tell(tx: Tx, row: ResourceRow, { added, removed }: AuthorPlan): void {
    for (const author of added) tx.emit(authorAdded, row.id, authorFact(row, author));
    for (const author of removed) tx.emit(authorRemoved, row.id, authorFact(row, author));
  }
}
