import type { ResourceType } from '@erato/contracts/content/resource-parts';
import { postType } from '../post/post.type.js';
import type { PartType } from './part-type.js';

/** The typed part of each type of resource; null for a type that has none. A new type is one line here. */
export const partTypes: Readonly<Record<ResourceType, PartType | null>> = {
  post: postType,
  status: null,
};
