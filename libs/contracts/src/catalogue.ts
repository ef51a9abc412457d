import { permissionChanges } from './authz/change.js';
import { checks } from './authz/check.js';
import { permissionActions } from './authz/permission-action.js';
import { permissions } from './authz/permission.js';
import { roleAssignments } from './authz/role-assignment.js';
import { roles } from './authz/role.js';
import { albums } from './content/album.js';
import { artworks } from './content/artwork.js';
import { authors } from './content/author.js';
import { resourceLinks, workspaceLinks } from './content/link.js';
import { linkStats } from './content/link-stats.js';
import { posts } from './content/post.js';
import { pressReleases } from './content/press-release.js';
import { resources } from './content/resource.js';
import { songs } from './content/song.js';
import { tracks } from './content/track.js';
import { workspaces } from './content/workspace.js';
import { apiKeys } from './identity/api-key.js';
import { auth } from './identity/auth.js';
import { invitations } from './identity/invitation.js';
import { me } from './identity/me.js';
import { members } from './identity/member.js';
import { organizations } from './identity/organization.js';
import { sessions } from './identity/session.js';
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
  permissionChanges,
  workspaces,
  workspaceLinks,
  resources,
  posts,
  songs,
  albums,
  artworks,
  pressReleases,
  tracks,
  authors,
  resourceLinks,
  linkStats,
];
