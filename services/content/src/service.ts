import type { ServiceOptions } from '@erato/platform/service/run';
import {
  OnActionChanged,
  OnObjectChanged,
  OnRoleChanged,
  OnSubjectChanged,
} from './access/on-access-changed.js';
import { Projection } from './access/projection.js';
import { Visibilities } from './access/visibility.js';
import { AlbumEntity } from './album/album.entity.js';
import { ArtworkEntity } from './artwork/artwork.entity.js';
import { AuthorEntity } from './author/author.entity.js';
import { ForgetVisitors } from './click/forget-visitors.js';
import { LinkClickEntity } from './click/link-click.entity.js';
import { ContentModule } from './content.module.js';
import { LinkEntity } from './link/link.entity.js';
import { WorkspacesAndResources1751000000000 } from './migrations/1751000000000-workspaces-and-resources.js';
import { AccessRows1751000000001 } from './migrations/1751000000001-access-rows.js';
import { LinkClicks1763730000000 } from './migrations/1763730000000-link-clicks.js';
import { ClosedThemes1763730000001 } from './migrations/1763730000001-closed-themes.js';
import { SongsAndAlbums1763731000000 } from './migrations/1763731000000-songs-and-albums.js';
import { WorkspaceTransfers1763730000002 } from './migrations/1763730000002-workspace-transfers.js';
import { ArtworksAndPressReleases1763732000000 } from './migrations/1763732000000-artworks-and-press-releases.js';
import { ResourceRevisions1763733000000 } from './migrations/1763733000000-resource-revisions.js';
import { Search1763739000000 } from './migrations/1763739000000-search.js';
import {
  ResourcesStoredJson1764100000001,
  WorkspacesStoredJson1764100000000,
} from './migrations/1764100000000-stored-json.js';
import { PostEntity } from './post/post.entity.js';
import { PressReleaseEntity } from './press-release/press-release.entity.js';
import { PublishDue } from './resource/publish-due.js';
import { ResourceEntity } from './resource/resource.entity.js';
import { RevisionEntity } from './revision/revision.entity.js';
import { SongEntity } from './song/song.entity.js';
import { TrackEntity } from './track/track.entity.js';
import { TransferEntity } from './transfer/transfer.entity.js';
import { OnUserDeleted } from './user/on-user-deleted.js';
import { WorkspaceEntity } from './workspace/workspace.entity.js';

/** The content service: what `main.ts` and tests start. */
export const contentService = {
  name: 'content',
  module: ContentModule,
  database: {
    entities: [
      ...[WorkspaceEntity, ResourceEntity, AuthorEntity, LinkEntity, LinkClickEntity, TransferEntity],
      ...[PostEntity, SongEntity, AlbumEntity, TrackEntity, ArtworkEntity, PressReleaseEntity],
      RevisionEntity,
    ],
    migrations: [
      WorkspacesAndResources1751000000000,
      AccessRows1751000000001,
      LinkClicks1763730000000,
      ClosedThemes1763730000001,
      WorkspaceTransfers1763730000002,
      SongsAndAlbums1763731000000,
      ArtworksAndPressReleases1763732000000,
      ResourceRevisions1763733000000,
      Search1763739000000,
      WorkspacesStoredJson1764100000000,
      ResourcesStoredJson1764100000001,
    ],
  },
  consumers: [OnObjectChanged, OnSubjectChanged, OnRoleChanged, OnActionChanged, OnUserDeleted],
  background: [Projection, Visibilities, PublishDue, ForgetVisitors],
} as const satisfies ServiceOptions;
