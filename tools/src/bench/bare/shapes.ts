/** A resource as a row, in the names that the API uses. */
export interface ResourceRow {
  readonly id: string;
  readonly shortId: string;
  readonly type: string;
  readonly ownerType: string;
  readonly ownerId: string;
  readonly title: string | null;
  readonly excerpt: string | null;
  readonly status: string;
  readonly publishAt: Date | null;
  readonly publishedAt: Date | null;
  readonly createdAt: Date;
  readonly updatedAt: Date;
  readonly version: number;
}

export interface PostRow {
  readonly body: string | null;
  readonly bodyHtml: string | null;
  readonly featuredImage: string | null;
}

/** What a POST of this benchmark sends. */
export interface NewResource {
  readonly type: string;
  readonly title: string;
  readonly status: string;
  readonly authors: readonly { readonly authorType: string; readonly authorId: string }[];
  readonly post: { readonly body: string; readonly featuredImage?: string | null };
}

/** What Fastify checks of it. */
export const newResourceSchema = {
  type: 'object',
  required: ['type', 'title', 'status', 'authors', 'post'],
  additionalProperties: false,
  properties: {
    type: { enum: ['post'] },
    title: { type: 'string', minLength: 1, maxLength: 300 },
    status: { enum: ['LISTED', 'UNLISTED'] },
    authors: {
      type: 'array',
      maxItems: 20,
      items: {
        type: 'object',
        required: ['authorType', 'authorId'],
        additionalProperties: false,
        properties: { authorType: { enum: ['workspace'] }, authorId: { type: 'string', format: 'uuid' } },
      },
    },
    post: {
      type: 'object',
      required: ['body'],
      additionalProperties: false,
      properties: {
        body: { type: 'string', minLength: 1, maxLength: 100_000 },
        featuredImage: { type: ['string', 'null'], maxLength: 2_048 },
      },
    },
  },
} as const;
