import { HttpsUrl, Id, Nullable, Optional, Text, Whole } from '../kit/fields.js';
import { partCalls } from './part-calls.js';

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

export class PutPost extends NewPost {
  @Id() id: string;
}

const given = {
  body: 'We are **on tour** again.',
  featuredImage: 'https://cdn.example.com/tour.jpg',
};

export const posts = partCalls('content.post', {
  path: 'post',
  word: 'post',
  put: PutPost,
  shown: PostPart,
  example: { given, shown: { ...given, bodyHtml: '<p>We are <strong>on tour</strong> again.</p>' } },
});
