import type { ResourceType } from '@erato/contracts/content/resource-parts';

interface Shape {
  /** What people call it. */
  readonly name: string;
  /** Shown by a cover, since it is heard or seen; the others are read. */
  readonly isSeen: boolean;
  /** Open Graph's name for it. */
  readonly openGraph: 'article' | 'music.song' | 'music.album';
}

/** How pages show the resources of each type. A new type is one line here. */
const shapes: Readonly<Record<ResourceType, Shape>> = {
  post: { name: 'Post', isSeen: false, openGraph: 'article' },
  status: { name: 'Note', isSeen: false, openGraph: 'article' },
  song: { name: 'Song', isSeen: true, openGraph: 'music.song' },
  album: { name: 'Album', isSeen: true, openGraph: 'music.album' },
  artwork: { name: 'Artwork', isSeen: true, openGraph: 'article' },
  'press-release': { name: 'Press release', isSeen: false, openGraph: 'article' },
};

export const typeName = (type: ResourceType): string => shapes[type].name;
export const isSeen = (type: ResourceType): boolean => shapes[type].isSeen;
export const openGraphType = (type: ResourceType): Shape['openGraph'] => shapes[type].openGraph;
