import { Injectable } from '@nestjs/common';
import { v7 as uuidv7 } from 'uuid';
import { authorNotAllowed } from '@erato/contracts/content/author';
import { authorAdded, resourceCreated } from '@erato/contracts/content/events';
import type { CreateResource, Resource } from '@erato/contracts/content/resource';
import type { Context } from '@erato/contracts/kit/context';
import { Db } from '@erato/platform/database/db';
import { violates } from '@erato/platform/database/sql-fault';
import { authorFact, type AuthorRow } from '../author/author-view.js';
import { linkOf } from '../link/links.js';
import { Renderer } from '../post/renderer.js';
import { Authorships } from './authorship.js';
import { excerptFor, makePart, titleOf } from './new-resource.js';
import { publicationOf } from './publication.js';
import { resourceFact } from './resource-facts.js';
import { insertResource, type NewResourceRows } from './resource-insert.js';
import { toResource, type ResourceRow } from './resource-view.js';
import { newShortId } from './short-id.js';

const shortIdTries = 3;

/** Makes a resource with its typed part, authors and links: all or nothing (content.md, Routes). */
@Injectable()
export class CreateResources {
  constructor(
    private readonly db: Db,
    private readonly authorships: Authorships,
    private readonly renderer: Renderer,
  ) {}

  async run(context: Context, input: CreateResource): Promise<Resource> {
    const now = new Date();
    const id = uuidv7();
    const title = titleOf(input);
    const { status = 'UNLISTED' } = input;
    const publication = publicationOf(input.publishAt, now);
    const links = (input.links ?? []).map((link, at) => linkOf(link, `links.${at}.url`, now));
    const { owner, authors } = await this.authorships.resolve(context, input, id, now);
    const part = await makePart(input, { renderer: this.renderer });
    const excerpt = excerptFor(input.type, input.excerpt, part?.text ?? null);
    const row = {
      id,
      shortId: newShortId(),
      type: input.type,
      ...owner,
      title,
      ...excerpt,
      status,
      ...publication,
      authorWorkspaces: idsOf(authors, 'workspace'),
      authorUsers: idsOf(authors, 'user'),
      createdAt: now,
      updatedAt: now,
      version: 1,
      accessVersion: 1,
    };
    const made = await this.#write(context, { row, part, authors, links });
    return toResource({ ...made, part: part?.shown ?? null });
  }

  /** A short id that is taken, which chance hardly ever brings, is drawn again. */
  async #write(context: Context, rows: NewResourceRows): Promise<Omit<ResourceRow, 'part'>> {
    for (let attempt = 1; ; attempt++) {
      const row = { ...rows.row, shortId: newShortId() };
      try {
        return await this.db.transaction(context, async (tx) => {
          const written = await insertResource(tx, { ...rows, row });
          if (!written) throw authorNotAllowed();
          const made = { ...row, ...written };
          tx.emit(resourceCreated, row.id, resourceFact(made));
          for (const author of rows.authors) {
            if (!author.acceptedAt) tx.emit(authorAdded, row.id, authorFact(made, author));
          }
          return made;
        });
      } catch (error) {
        if (attempt >= shortIdTries || !violates(error, 'resources_short_id_key')) throw error;
      }
    }
  }
}

const idsOf = (authors: readonly AuthorRow[], type: AuthorRow['authorType']): string[] =>
  authors.filter((each) => each.authorType === type && each.acceptedAt).map(({ authorId }) => authorId);
