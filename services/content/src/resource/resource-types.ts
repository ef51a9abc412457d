import type { CreateResource, Resource, UpdateResource } from '@erato/contracts/content/resource';
import type { Snapshot } from '@erato/contracts/content/revision';
import { resourceParts, type PartName, type ResourceType } from '@erato/contracts/content/resource-parts';
import { albumType } from '../album/album.type.js';
import { artworkType } from '../artwork/artwork.type.js';
import { postType } from '../post/post.type.js';
import { pressReleaseType } from '../press-release/press-release.type.js';
import { songType } from '../song/song.type.js';
import type { PartType } from './part-type.js';

/** The typed part of each type of resource; null for a type that has none. A new type is one line here. */
export const partTypes: Readonly<Record<ResourceType, PartType | null>> = {
  post: postType,
  status: null,
  song: songType,
  album: albumType,
  artwork: artworkType,
  'press-release': pressReleaseType,
};

/** The names of all typed parts; this does not compile while one of the messages that hold parts lacks a field. */
export const partNames = Object.keys(resourceParts) as PartName[] satisfies readonly (keyof Resource &
  keyof CreateResource &
  keyof UpdateResource &
  keyof Snapshot)[];
