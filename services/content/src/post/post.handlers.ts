import { posts, type PostPart, type PutPost } from '@erato/contracts/content/post';
import type { PartOf } from '@erato/contracts/content/part-calls';
import type { Handlers } from '@erato/contracts/kit/call';
import type { Context } from '@erato/contracts/kit/context';
import { Serves } from '@erato/platform/transport/serves';
import { PartRoutes } from '../resource/part-routes.js';

@Serves(posts)
export class PostHandlers implements Handlers<typeof posts> {
  constructor(private readonly parts: PartRoutes) {}

  get({ id }: PartOf, context: Context): Promise<PostPart> {
    return this.parts.get(context, id, 'post');
  }

  put({ id, body, featuredImage = null }: PutPost, context: Context): Promise<PostPart> {
    return this.parts.put(context, 'post', { id, post: { body, featuredImage } });
  }
}
