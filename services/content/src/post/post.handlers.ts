import { posts, type PostOf, type PostPart, type PutPost } from '@erato/contracts/content/post';
import type { Resource } from '@erato/contracts/content/resource';
import type { Handlers } from '@erato/contracts/kit/call';
import type { Context } from '@erato/contracts/kit/context';
import { notFound } from '@erato/contracts/kit/failure';
import { Serves } from '@erato/platform/transport/serves';
import { ReadableResources } from '../resource/readable-resources.js';
import { toResource } from '../resource/resource-view.js';
import { UpdateResources } from '../resource/update-resource.js';

@Serves(posts)
export class PostHandlers implements Handlers<typeof posts> {
  constructor(
    private readonly readable: ReadableResources,
    private readonly updates: UpdateResources,
  ) {}

  async get({ id }: PostOf, context: Context): Promise<PostPart> {
    return partOf(toResource(await this.readable.get(context, id)));
  }

  async put({ id, body, featuredImage = null }: PutPost, context: Context): Promise<PostPart> {
    partOf(toResource(await this.readable.get(context, id)));
    return partOf(await this.updates.run(context, { id, post: { body, featuredImage } }));
  }
}

function partOf({ post, version }: Pick<Resource, 'post' | 'version'>): PostPart {
  if (!post) throw notFound({ detail: 'It is not a post.' });
  return { ...post, version };
}
