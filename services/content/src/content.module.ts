import { Module } from '@nestjs/common';
import { PolicyModule } from '@erato/policy/client/policy.module';
import { Lists } from './access/lists.js';
import {
  OnActionChanged,
  OnObjectChanged,
  OnRoleChanged,
  OnSubjectChanged,
} from './access/on-access-changed.js';
import { Projection } from './access/projection.js';
import { Viewers } from './access/viewers.js';
import { Visibilities } from './access/visibility.js';
import { AlbumHandlers } from './album/album.handlers.js';
import { ArtworkHandlers } from './artwork/artwork.handlers.js';
import { AcceptAuthors } from './author/accept-author.js';
import { AddAuthors } from './author/add-author.js';
import { AuthorHandlers } from './author/author.handlers.js';
import { Naming } from './author/naming.js';
import { RemoveAuthors } from './author/remove-author.js';
import { ClickCounter } from './click/click-counter.js';
import { ClickHandlers } from './click/click.handlers.js';
import { ForgetVisitors } from './click/forget-visitors.js';
import { LinkStatsHandlers } from './click/link-stats.handlers.js';
import { StoreClicks } from './click/store-clicks.js';
import { VisitorSalts } from './click/visitor-salt.js';
import { ResourceLinkHandlers } from './link/resource-link.handlers.js';
import { WorkspaceLinkHandlers } from './link/workspace-link.handlers.js';
import { AccessHandlers } from './object/access.handlers.js';
import { ObjectHandlers } from './object/object.handlers.js';
import { OwnershipHandlers } from './object/ownership.handlers.js';
import { PageHandlers } from './page/page.handlers.js';
import { PublicAuthors } from './page/public-authors.js';
import { ResourcePages } from './page/resource-page.js';
import { SongAlbums } from './page/song-albums.js';
import { WorkspacePages } from './page/workspace-page.js';
import { PostHandlers } from './post/post.handlers.js';
import { Renderer } from './post/renderer.js';
import { PressReleaseHandlers } from './press-release/press-release.handlers.js';
import { Authorships } from './resource/authorship.js';
import { CreateResources } from './resource/create-resource.js';
import { DeleteResources } from './resource/delete-resource.js';
import { Ownership } from './resource/owner.js';
import { PublishDue } from './resource/publish-due.js';
import { PartRoutes } from './resource/part-routes.js';
import { ReadableResources } from './resource/readable-resources.js';
import { ResourceWrites } from './resource/resource-writes.js';
import { ResourceHandlers } from './resource/resource.handlers.js';
import { ResourceReads } from './resource/resource.reads.js';
import { ResourceTexts } from './resource/resource-texts.js';
import { SingleResources } from './resource/single-resource.js';
import { UpdateResources } from './resource/update-resource.js';
import { ReadableRevisions } from './revision/readable-revisions.js';
import { RestoredAuthors } from './revision/restored-authors.js';
import { RestoredTracks } from './revision/restored-tracks.js';
import { RestoreRevisions } from './revision/restore-revision.js';
import { RevisionHandlers } from './revision/revision.handlers.js';
import { SongHandlers } from './song/song.handlers.js';
import { TrackChanges } from './track/change-tracks.js';
import { ReadableTracks } from './track/readable-tracks.js';
import { TrackHandlers } from './track/track.handlers.js';
import { SearchHandlers } from './search/search.handlers.js';
import { RequestTransfers } from './transfer/request-transfer.js';
import { SettleTransfers } from './transfer/settle-transfer.js';
import { TransferParties } from './transfer/transfer-parties.js';
import { TransferHandlers } from './transfer/transfer.handlers.js';
import { TransferReads } from './transfer/transfer.reads.js';
import { OnUserDeleted } from './user/on-user-deleted.js';
import { CreateWorkspaces } from './workspace/create-workspace.js';
import { DeleteWorkspaces } from './workspace/delete-workspace.js';
import { ReadableWorkspaces } from './workspace/readable-workspaces.js';
import { SingleWorkspaces } from './workspace/single-workspace.js';
import { UpdateWorkspaces } from './workspace/update-workspace.js';
import { WorkspaceStatistics } from './workspace/workspace-stats.js';
import { WorkspaceWrites } from './workspace/workspace-writes.js';
import { WorkspaceHandlers } from './workspace/workspace.handlers.js';
import { WorkspaceReads } from './workspace/workspace.reads.js';

const access = [
  Lists,
  Viewers,
  Projection,
  Visibilities,
  OnObjectChanged,
  OnSubjectChanged,
  OnRoleChanged,
  OnActionChanged,
];
const workspaces = [
  WorkspaceReads,
  ReadableWorkspaces,
  SingleWorkspaces,
  WorkspaceStatistics,
  WorkspaceWrites,
  CreateWorkspaces,
  UpdateWorkspaces,
  DeleteWorkspaces,
];
const resources = [
  ...[ResourceReads, ReadableResources, ResourceTexts, SingleResources, ResourceWrites],
  ...[Ownership, Authorships, CreateResources, UpdateResources, DeleteResources, PublishDue, Renderer],
];
const transfers = [TransferReads, TransferParties, RequestTransfers, SettleTransfers];
const clicks = [ClickCounter, StoreClicks, VisitorSalts, ForgetVisitors];
const pages = [WorkspacePages, ResourcePages, PublicAuthors, SongAlbums];
const parts = [PartRoutes, ReadableTracks, TrackChanges];
const revisions = [ReadableRevisions, RestoreRevisions, RestoredAuthors, RestoredTracks];
const authors = [Naming, AddAuthors, AcceptAuthors, RemoveAuthors];

@Module({
  imports: [PolicyModule],
  controllers: [
    WorkspaceHandlers,
    WorkspaceLinkHandlers,
    TransferHandlers,
    SearchHandlers,
    ResourceHandlers,
    PostHandlers,
    SongHandlers,
    AlbumHandlers,
    ArtworkHandlers,
    PressReleaseHandlers,
    TrackHandlers,
    RevisionHandlers,
    AuthorHandlers,
    ResourceLinkHandlers,
    ClickHandlers,
    LinkStatsHandlers,
    PageHandlers,
    AccessHandlers,
    ObjectHandlers,
    OwnershipHandlers,
  ],
  providers: [
    ...access,
    ...workspaces,
    ...resources,
    ...parts,
    ...revisions,
    ...authors,
    ...clicks,
    ...transfers,
    ...pages,
    OnUserDeleted,
  ],
})
export class ContentModule {}
