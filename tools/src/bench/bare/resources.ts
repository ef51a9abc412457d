import { micromark } from 'micromark';
import { gfm, gfmHtml } from 'micromark-extension-gfm';
import { customAlphabet } from 'nanoid';
import type { Pool } from 'pg';
import sanitizeHtml from 'sanitize-html';
import { v7 as uuidv7 } from 'uuid';
import { resourceCreated } from '@erato/contracts/content/events';
import { shortIdAlphabet, shortIdLength } from '@erato/contracts/content/resource';
import { Keyset } from '@erato/platform/paging/keyset';
import type { NewResource, PostRow, ResourceRow } from './shapes.js';
import { getColumns, getJson, getKept, insert, listColumns, listJson, listKept } from './statements.js';

const shortId = customAlphabet(shortIdAlphabet, shortIdLength);
const markdown = { allowDangerousHtml: true, extensions: [gfm()], htmlExtensions: [gfmHtml()] };
const rel = { rel: 'nofollow noopener noreferrer ugc' };
const allowed: sanitizeHtml.IOptions = {
  allowedAttributes: { a: ['href', 'title', 'rel'], img: ['src', 'alt', 'title'] },
  allowedSchemes: ['https', 'http', 'mailto'],
  transformTags: { a: (tagName, attribs) => ({ tagName, attribs: { ...attribs, ...rel } }) },
};

const summary = (row: ResourceRow) => ({
  id: row.id,
  shortId: row.shortId,
  type: row.type,
  ownerType: row.ownerType,
  ownerId: row.ownerId,
  title: row.title,
  excerpt: row.excerpt,
  status: row.status,
  publishAt: row.publishAt,
  publishedAt: row.publishedAt,
  createdAt: row.createdAt,
  updatedAt: row.updatedAt,
  version: row.version,
});

const part = ({ body, bodyHtml, featuredImage }: PostRow) =>
  body === null ? {} : { post: { body, bodyHtml, featuredImage } };

/** The limit's answers as JSON texts; null where there is no such resource. */
export class BareResources {
  constructor(private readonly pool: Pool) {}

  /** JavaScript writes the JSON. */
  async getInJavaScript(id: string): Promise<string | null> {
    const { rows } = await this.pool.query<ResourceRow & PostRow>({ ...getColumns, values: [id] });
    const row = rows[0];
    return row === undefined ? null : JSON.stringify({ data: { ...summary(row), ...part(row) } });
  }

  /** Postgres writes the JSON. */
  async getInSql(id: string): Promise<string | null> {
    const { rows } = await this.pool.query<{ json: string }>({ ...getJson, values: [id] });
    return rows[0] === undefined ? null : `{"data":${rows[0].json}}`;
  }

  /** The row's own JSON, with the post behind it. */
  async getKept(id: string): Promise<string | null> {
    const { rows } = await this.pool.query<{ json: string; post: string }>({ ...getKept, values: [id] });
    return rows[0] === undefined ? null : `{"data":${rows[0].json.slice(0, -1)},"post":${rows[0].post}}}`;
  }

  async listInJavaScript(type: string, limit: number): Promise<string> {
    const keyset = keysetOf(type, limit);
    const { rows } = await this.pool.query<ResourceRow>({ ...listColumns, values: [type, keyset.fetch] });
    const at = (row: ResourceRow) => ({ value: row.publishedAt?.toISOString() ?? null, id: row.id });
    return JSON.stringify(keyset.page(rows, at, summary));
  }

  async listInSql(type: string, limit: number): Promise<string> {
    const keyset = keysetOf(type, limit);
    const { rows } = await this.pool.query<{ json: string; id: string; publishedAt: string | null }>({
      ...listJson,
      values: [type, keyset.fetch],
    });
    const at = ({ id, publishedAt }: { id: string; publishedAt: string | null }) => ({
      value: publishedAt,
      id,
    });
    const { data, meta } = keyset.page(rows, at, ({ json }) => json);
    return `{"data":[${data.join(',')}],"meta":${JSON.stringify(meta)}}`;
  }

  async listKept(type: string, limit: number): Promise<string> {
    const keyset = keysetOf(type, limit);
    const { rows } = await this.pool.query<{ lines: string | null }>({
      ...listKept,
      values: [type, keyset.fetch],
    });
    const at = (item: string) => {
      const { id, publishedAt } = JSON.parse(item) as { id: string; publishedAt: string };
      return { value: publishedAt, id };
    };
    const { data, meta } = keyset.page(rows[0]?.lines?.split('\n') ?? [], at, (item) => item);
    return `{"data":[${data.join(',')}],"meta":${JSON.stringify(meta)}}`;
  }

  async create(input: NewResource, ownerId: string, requestId: string): Promise<string> {
    const id = uuidv7();
    const now = new Date();
    const { type, title, status, post } = input;
    const bodyHtml = sanitizeHtml(micromark(post.body, markdown), allowed).trim();
    const excerpt = cut(bodyHtml.replaceAll(/<[^>]*>/g, ' '));
    const workspaces = input.authors.map(({ authorId }) => authorId);
    const row: ResourceRow = {
      ...{ id, shortId: shortId(), type, ownerType: 'user', ownerId, title, excerpt, status },
      ...{ publishAt: null, publishedAt: now, createdAt: now, updatedAt: now, version: 1 },
    };
    const eventId = uuidv7();
    await this.pool.query({
      ...insert,
      values: [
        ...[id, row.shortId, ownerId, type, title, excerpt, status, now, workspaces],
        ...[post.body, bodyHtml, post.featuredImage ?? null, eventId, resourceCreated.subject],
        JSON.stringify(eventOf(row, input, eventId, requestId)),
      ],
    });
    const made = { body: post.body, bodyHtml, featuredImage: post.featuredImage ?? null };
    return JSON.stringify({ data: { ...summary(row), post: made } });
  }
}

/** A cursor names its list as Erato's does. */
const keysetOf = (type: string, limit: number): Keyset => {
  const list = ['resources', { type: [type], sort: '-publishedAt' }];
  return new Keyset({ limit }, list, { column: 'published_at', descending: true, type: 'timestamptz' }, 1);
};

/** At most 320 characters, at the end of a word. */
function cut(text: string): string {
  const plain = text.replaceAll(/\s+/g, ' ').trim();
  return plain.length <= 320 ? plain : plain.slice(0, plain.lastIndexOf(' ', 320));
}

/** The event as Erato writes it (libs/platform, events/outbox.ts). */
function eventOf(row: ResourceRow, input: NewResource, id: string, requestId: string): object {
  const parents = input.authors.map(({ authorId }) => ({ type: 'workspace', id: authorId }));
  const { ownerType, ownerId } = row;
  return {
    specversion: '1.0',
    id,
    source: '/erato/content',
    type: resourceCreated.name,
    subject: row.id,
    time: row.createdAt,
    datacontenttype: 'application/json',
    eventversion: resourceCreated.version,
    actor: `user:${ownerId}`,
    requestid: requestId,
    data: {
      ...{ resourceId: row.id, type: row.type, ownerType, ownerId, status: row.status },
      ...{ publishedAt: row.publishedAt, authors: input.authors, version: 1 },
      object: {
        type: 'resource',
        id: row.id,
        parents,
        ownerType,
        ownerId,
        everyone: ['read'],
        readAs: 'read',
        version: 1,
      },
    },
  };
}
