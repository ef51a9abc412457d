import { Album, AlbumPatch, NewAlbum } from './album.js';
import { Artwork, ArtworkPatch, NewArtwork } from './artwork.js';
import { NewPost, Post, PostPatch } from './post.js';
import { NewPressRelease, PressRelease, PressReleasePatch } from './press-release.js';
import { NewSong, Song, SongPatch } from './song.js';

/**
 * The types of resources. A type with fields of its own names the classes of its typed part: how it is shown, made and
 * patched. A new type is one line here and one in the service's registry (docs/guides/adding-a-type.md).
 */
export const resourceTypes = ['post', 'status', 'song', 'album', 'artwork', 'press-release'] as const;
export type ResourceType = (typeof resourceTypes)[number];

export const resourceParts = {
  post: { shown: Post, made: NewPost, patched: PostPatch },
  song: { shown: Song, made: NewSong, patched: SongPatch },
  album: { shown: Album, made: NewAlbum, patched: AlbumPatch },
  artwork: { shown: Artwork, made: NewArtwork, patched: ArtworkPatch },
  pressRelease: { shown: PressRelease, made: NewPressRelease, patched: PressReleasePatch },
} as const;

/** The name of a typed part in JSON: that of the type, in camelCase. */
export type PartName = keyof typeof resourceParts;
type Stage = 'shown' | 'made' | 'patched';

/** The typed parts as a message holds them: each of them may be there. */
export type Parts<S extends Stage> = {
  [P in PartName]?: InstanceType<(typeof resourceParts)[P][S]>;
};
