import { access } from './authz/access.js';
import { permissionChanges } from './authz/change.js';
import { checks } from './authz/check.js';
import { decisions } from './authz/decision.js';
import { contentObjects, identityObjects } from './authz/describe.js';
import { facts } from './authz/facts.js';
import { permissionActions } from './authz/permission-action.js';
import { permissions } from './authz/permission.js';
import { members as objectMembers, roleAssignments } from './authz/role-assignment.js';
import { roles } from './authz/role.js';
import { contentAccess } from './content/access.js';
import { albums } from './content/album.js';
import { artworks } from './content/artwork.js';
import { workspaceMembers } from './authz/workspace-member.js';
import { authors } from './content/author.js';
import { clicks } from './content/click.js';
import { resourceLinks, workspaceLinks } from './content/link.js';
import { linkStats } from './content/link-stats.js';
import { ownership } from './content/ownership.js';
import { pages } from './content/page.js';
import { posts } from './content/post.js';
import { pressReleases } from './content/press-release.js';
import { resources } from './content/resource.js';
import { revisions } from './content/revision.js';
import { songs } from './content/song.js';
import { tracks } from './content/track.js';
import { search } from './content/search.js';
import { transfers } from './content/transfer.js';
import { workspaces } from './content/workspace.js';
import { batches } from './gateway/batch.js';
import { streams } from './gateway/stream.js';
import { apiKeys } from './identity/api-key.js';
import { auth } from './identity/auth.js';
import { credentials } from './identity/credential.js';
import { invitations } from './identity/invitation.js';
import { me } from './identity/me.js';
import { members } from './identity/member.js';
import { organizations } from './identity/organization.js';
import { principals } from './identity/principal.js';
import { profiles } from './identity/profile.js';
import { sessions } from './identity/session.js';
import { sync } from './identity/sync.js';
import { teamMembers } from './identity/team-member.js';
import { teams } from './identity/team.js';
import { users } from './identity/user.js';
import type { CallTable } from './kit/call.js';

/** Every table of calls that the gateway serves over HTTP; one line a noun. */
export const tables: readonly CallTable[] = [
  me,
  users,
  organizations,
  members,
  invitations,
  teams,
  teamMembers,
  apiKeys,
  auth,
  sessions,
  permissions,
  permissionActions,
  roles,
  roleAssignments,
  checks,
  access,
  permissionChanges,
  workspaces,
  workspaceMembers,
  workspaceLinks,
  transfers,
  search,
  resources,
  posts,
  songs,
  albums,
  artworks,
  pressReleases,
  tracks,
  revisions,
  authors,
  resourceLinks,
  linkStats,
  batches,
  streams,
];

/** Every table of calls that only services make; one line a noun. The bus lets nobody make a call that stands in neither list. */
const internalTables: readonly CallTable[] = [
  credentials,
  principals,
  profiles,
  sync,
  identityObjects,
  facts,
  decisions,
  objectMembers,
  contentObjects,
  contentAccess,
  ownership,
  pages,
  clicks,
];

/** Every call that there is. */
export const everyTable: readonly CallTable[] = [...tables, ...internalTables];
