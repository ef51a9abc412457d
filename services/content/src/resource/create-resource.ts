import { Injectable } from '@nestjs/common';
import { v7 as uuidv7 } from 'uuid';
import { authorNotAllowed } from '@erato/contracts/content/author';
import { authorAdded, resourceCreated } from '@erato/contracts/content/events';
import type { CreateResource, Resource } from '@erato/contracts/content/resource';
import type { Context } from '@erato/contracts/kit/context';
import { Db } from '@erato/platform/database/db';
import { violates } from '@erato/platform/database/sql-fault';
import { ofTransaction } from '@erato/platform/database/writing';
import type { Emit } from '@erato/platform/events/outbox';
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

type Made = Omit<ResourceRow, 'part'>;

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
    const { owner, authors, open } = await this.authorships.resolve(context, input, id, now);
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
    const made = await this.#write(context, { row, part, authors, links }, open);
    return toResource({ ...made, part: part?.shown ?? null });
  }

  /** A short id that is taken, which chance hardly ever brings, is drawn again. */
  async #write(context: Context, rows: NewResourceRows, open: boolean): Promise<Made> {
    let drawn = rows;
    for (let attempt = 1; ; attempt++) {
      try {
        return (await this.#writeAtOnce(context, drawn, open)) ?? (await this.#writeAsItIs(context, drawn));
      } catch (error) {
        if (attempt >= shortIdTries || !violates(error, 'resources_short_id_key')) throw error;
        drawn = { ...rows, row: { ...rows.row, shortId: newShortId() } };
      }
    }
  }

  /** In one round trip, its event made before it; null where its workspaces are no longer as they were read. */
  async #writeAtOnce(context: Context, rows: NewResourceRows, open: boolean): Promise<Made | null> {
    const made = { ...rows.row, open };
    const tell = (emit: Emit): void => this.#tell(emit, made, rows);
    return (await this.db.write(context, { ...insertResource(rows, open), tell })) && made;
  }

  async #writeAsItIs(context: Context, rows: NewResourceRows): Promise<Made> {
    const { writing, values } = insertResource(rows, null);
    return this.db.transaction(context, async (tx) => {
      const written = await tx.row<{ open: boolean }>(ofTransaction(writing), values);
      if (!written) throw authorNotAllowed();
      const made = { ...rows.row, ...written };
      this.#tell((event, subject, body) => tx.emit(event, subject, body), made, rows);
      return made;
    });
  }

  #tell(emit: Emit, made: Made, { authors }: NewResourceRows): void {
    emit(resourceCreated, made.id, resourceFact(made));
    for (const author of authors) {
      if (!author.acceptedAt) emit(authorAdded, made.id, authorFact(made, author));
    }
  }
}

const idsOf = (authors: readonly AuthorRow[], type: AuthorRow['authorType']): string[] =>
  authors.filter((each) => each.authorType === type && each.acceptedAt).map(({ authorId }) => authorId);
