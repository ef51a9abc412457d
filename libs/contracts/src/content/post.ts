import { calls, command, one, query } from '../kit/call.js';
import { notFound, permissionDenied, preconditionFailed } from '../kit/failure.js';
import { HttpsUrl, Id, Nullable, Optional, Text, Whole } from '../kit/fields.js';

/** How long a Markdown text may be, in code points; rendering stays well below a request's deadline. */
export const maxBody = 100_000;

/** The typed part of a post. */
export class Post {
  /** Markdown: CommonMark and GFM. */
  @Text({ max: maxBody }) body: string;
  /** The body rendered to HTML and held to an allow list: no script, no style, no `javascript:` or `data:` link. */
  @Text({ max: 4 * 1024 * 1024 }) bodyHtml: string;
  @HttpsUrl() @Nullable() featuredImage: string | null;
}

export class NewPost {
  /** Markdown: CommonMark and GFM. */
  @Text({ min: 1, max: maxBody }) body: string;
  @HttpsUrl() @Nullable() @Optional() featuredImage?: string | null;
}

/** A merge patch of a post's part: what is left out stays. */
export class PostPatch {
  @Text({ min: 1, max: maxBody }) @Optional() body?: string;
  @HttpsUrl() @Nullable() @Optional() featuredImage?: string | null;
}

/** The typed part alone, with the version of its resource. */
export class PostPart extends Post {
  /** The resource's version; the ETag. */
  @Whole({ min: 1 }) version: number;
}

export class PostOf {
  @Id() id: string;
}

export class PutPost extends NewPost {
  @Id() id: string;
}

const id = '0197c1f1-3b4c-7d5e-9f60-718293a4b5c6';
const given = {
  body: 'We are **on tour** again.',
  featuredImage: 'https://cdn.example.com/tour.jpg',
};
const shown = { ...given, bodyHtml: '<p>We are <strong>on tour</strong> again.</p>', version: 2 };

export const posts = calls('content.post', {
  get: query({
    http: 'GET /resources/{id}/post',
    scope: 'resources:read',
    guest: true,
    request: PostOf,
    reply: one(PostPart),
    fails: [notFound],
    summary: 'The typed part of a post.',
    example: { request: { id }, reply: shown },
  }),
  put: command({
    http: 'PUT /resources/{id}/post',
    scope: 'resources:write',
    request: PutPost,
    reply: one(PostPart),
    fails: [notFound, permissionDenied, preconditionFailed],
    summary: 'Sets the typed part of a post as a whole.',
    description: 'Needs `update`. A field that is left out is cleared.',
    example: { request: { id, ...given }, reply: shown },
  }),
});
