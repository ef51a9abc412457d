import {
  authors,
  type AddAuthor,
  type Author,
  type AuthorsOf,
  type RemoveAuthor,
} from '@erato/contracts/content/author';
import type { Handlers } from '@erato/contracts/kit/call';
import type { Context } from '@erato/contracts/kit/context';
import { Db } from '@erato/platform/database/db';
import { Serves } from '@erato/platform/transport/serves';
import { Policy } from '@erato/policy/client/policy';
import { resourceTarget } from '../access/targets.js';
import { ReadableResources } from '../resource/readable-resources.js';
import { AcceptAuthors } from './accept-author.js';
import { AddAuthors } from './add-author.js';
import { readAuthors, toAuthor } from './author-view.js';
import { RemoveAuthors } from './remove-author.js';

@Serves(authors)
export class AuthorHandlers implements Handlers<typeof authors> {
  constructor(
    private readonly readable: ReadableResources,
    private readonly db: Db,
    private readonly policy: Policy,
    private readonly addition: AddAuthors,
    private readonly acceptance: AcceptAuthors,
    private readonly removal: RemoveAuthors,
  ) {}

  /** Pending authors are shown to themselves and to who may update the resource. */
  async list({ id }: AuthorsOf, context: Context): Promise<readonly Author[]> {
    const row = await this.readable.get(context, id);
    const found = await readAuthors(this.db, row.id);
    if (found.every(({ acceptedAt }) => acceptedAt)) return found.map(toAuthor);
    const { allowed } = await this.policy.decide(context, 'update', resourceTarget(row));
    const { subjectType, subjectId } = context.caller;
    const isSelf = (authorType: string, authorId: string): boolean =>
      authorType === 'user' && subjectType === 'user' && authorId === subjectId;
    return found
      .filter((each) => allowed || each.acceptedAt || isSelf(each.authorType, each.authorId))
      .map(toAuthor);
  }

  add(input: AddAuthor, context: Context): Promise<Author> {
    return this.addition.run(context, input);
  }

  accept(input: AuthorsOf, context: Context): Promise<Author> {
    return this.acceptance.run(context, input);
  }

  remove(input: RemoveAuthor, context: Context): Promise<void> {
    return this.removal.run(context, input);
  }
}
