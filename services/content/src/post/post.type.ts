import type { NewPost, Post, PostPatch } from '@erato/contracts/content/post';
import { jsonOf } from '../access/json.js';
import { requireHttpsUrls } from '../link/https-url.js';
import { textOf } from './markdown.js';
import type { PartTools, PartType, PreparedPart } from '../resource/part-type.js';

async function prepare(given: NewPost, path: string, { renderer }: PartTools): Promise<PreparedPart> {
  const { body, featuredImage = null } = given;
  requireHttpsUrls({ [`${path}.featuredImage`]: featuredImage });
  const { html, text } = await renderer.render(`${path}.body`, body);
  const shown: Post = { body, bodyHtml: html, featuredImage };
  return { values: [body, html, featuredImage], shown, text };
}

/** Posts: Markdown and an image. */
export const postType: PartType = {
  part: 'post',
  table: 'posts',
  columns: { body: 'text', body_html: 'text', featured_image: 'text' },
  json: jsonOf({ body: 'p.body', bodyHtml: 'p.body_html', featuredImage: 'p.featured_image' }),
  make: prepare,
  patch: (standing: Post, patch: PostPatch, path, tools) => prepare({ ...standing, ...patch }, path, tools),
  given: ({ body, featuredImage }: Post): NewPost => ({ body, featuredImage }),
  textOf: (shown: Post) => textOf(shown.bodyHtml),
};
