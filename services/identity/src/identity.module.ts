import { Module } from '@nestjs/common';
import { AdminKey } from './api-key/admin-key.js';
import { ApiKeyHandlers } from './api-key/api-key.handlers.js';
import { ApiKeyReads } from './api-key/api-key.reads.js';
import { KeyChanges } from './api-key/change-key.js';
import { CreateKeyWrite } from './api-key/create-key.js';
import { CredentialHandlers } from './api-key/credential.handlers.js';
import { KeyRights } from './api-key/key-right.js';
import { LastUsed } from './api-key/last-used.js';
import { KeyResolver } from './api-key/resolve-key.js';
import { RotateKeyWrite } from './api-key/rotate-key.js';
import { AuthHandlers } from './auth/auth.handlers.js';
import { MfaChallenge } from './auth/mfa-challenge.js';
import { RequestTokenWrite } from './auth/request-token.js';
import { SignInTries } from './auth/sign-in-tries.js';
import { ErasureReads } from './erasure/erasure.reads.js';
import { HomeOrganization } from './home/home-organization.js';
import { InvitationHandlers } from './invitation/invitation.handlers.js';
import { MeHandlers } from './me/me.handlers.js';
import { MemberHandlers } from './member/member.handlers.js';
import { MemberReads } from './member/member.reads.js';
import { MemberWrites } from './member/write-member.js';
import { CreateOrganizationWrite } from './organization/create-organization.js';
import { DeleteOrganizationWrite } from './organization/delete-organization.js';
import { OrganizationList } from './organization/list-organizations.js';
import { OrganizationAccess } from './organization/organization-access.js';
import { OrganizationHandlers } from './organization/organization.handlers.js';
import { UpdateOrganizationWrite } from './organization/update-organization.js';
import { ObjectHandlers } from './principal/object.handlers.js';
import { PrincipalHandlers } from './principal/principal.handlers.js';
import { SessionHandlers } from './session/session.handlers.js';
import { ApplyEvent } from './sync/apply-event.js';
import { EventReader } from './sync/event-reader.js';
import { FullSync } from './sync/full-sync.js';
import { Housekeeping } from './sync/housekeeping.js';
import { MirrorKinds } from './sync/mirror-kinds.js';
import { SyncRuns } from './sync/sync-runs.js';
import { SyncHandlers } from './sync/sync.handlers.js';
import { SyncSteps, SyncWorker } from './sync/sync.worker.js';
import { Waker } from './sync/waker.js';
import { TeamMemberHandlers } from './team-member/team-member.handlers.js';
import { TeamList } from './team/list-teams.js';
import { TeamAccess } from './team/team-access.js';
import { TeamHandlers } from './team/team.handlers.js';
import { TeamWrites } from './team/write-team.js';
import { consumers } from './consumers.js';
import { CreateUserWrite } from './user/create-user.js';
import { DeleteUserWrite } from './user/delete-user.js';
import { UserList } from './user/list-users.js';
import { ProfileHandlers } from './user/profile.handlers.js';
import { UpdateUserWrite } from './user/update-user.js';
import { UserHandlers } from './user/user.handlers.js';
import { UserReads } from './user/user.reads.js';
import { Creations } from './workos/creation.js';
import { Workos } from './workos/workos.js';
import { WorkosWrites } from './workos/workos-write.js';

@Module({
  controllers: [
    ApiKeyHandlers,
    AuthHandlers,
    CredentialHandlers,
    InvitationHandlers,
    MeHandlers,
    MemberHandlers,
    ObjectHandlers,
    OrganizationHandlers,
    PrincipalHandlers,
    ProfileHandlers,
    SessionHandlers,
    SyncHandlers,
    TeamHandlers,
    TeamMemberHandlers,
    UserHandlers,
  ],
  providers: [
    ...[Workos, WorkosWrites, Creations, HomeOrganization],
    ...[UserReads, UserList, CreateUserWrite, UpdateUserWrite, DeleteUserWrite, ErasureReads],
    ...[OrganizationAccess, OrganizationList],
    ...[CreateOrganizationWrite, UpdateOrganizationWrite, DeleteOrganizationWrite],
    ...[MemberReads, MemberWrites],
    ...[TeamAccess, TeamList, TeamWrites],
    ...[ApiKeyReads, KeyRights, KeyResolver, KeyChanges, CreateKeyWrite, RotateKeyWrite, LastUsed, AdminKey],
    ...[RequestTokenWrite, SignInTries, MfaChallenge],
    ...[ApplyEvent, EventReader, MirrorKinds, SyncRuns, FullSync, Housekeeping],
    ...consumers,
    ...[Waker, SyncSteps, SyncWorker],
  ],
})
export class IdentityModule {}
