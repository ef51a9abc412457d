import { Injectable, Module, type OnModuleDestroy } from '@nestjs/common';
import { Bus } from '@erato/platform/transport/bus';
import { FactsCache } from '@erato/policy/client/facts-cache';
import { invalidateByEvents } from '@erato/policy/client/invalidation';
import { AccessHandlers } from './access/access.handlers.js';
import { ListObjects } from './access/list-objects.js';
import { ListSubjects } from './access/list-subjects.js';
import { ChangeHandlers } from './change/change.handlers.js';
import { AnswerChecks } from './check/answer-checks.js';
import { CheckHandlers } from './check/check.handlers.js';
import { DecisionHandlers } from './check/decision.handlers.js';
import { consumers } from './consumers.js';
import { Authority } from './decision/authority.js';
import { Judges } from './decision/judges.js';
import { FactsHandlers } from './fact/facts.handlers.js';
import { LocalFacts } from './fact/local-facts.js';
import { Writes } from './ledger/writes.js';
import { DescribeObjects } from './object/describe-objects.js';
import { ChangeMembers } from './member/change-member.js';
import { WorkspaceMemberReads } from './member/member.reads.js';
import { WorkspaceMemberHandlers } from './member/workspace-member.handlers.js';
import { Descriptions } from './object/descriptions.js';
import { ChangePermissions } from './permission/change-permission.js';
import { PermissionHandlers } from './permission/permission.handlers.js';
import { PermissionReads } from './permission/permission.reads.js';
import { WritePermissions } from './permission/write-permissions.js';
import { PermissionActionHandlers } from './permission-action/permission-action.handlers.js';
import { WriteActions } from './permission-action/write-actions.js';
import { FreshPrincipals } from './principal/fresh-principals.js';
import { KnownSubjects } from './principal/known-subjects.js';
import { Removals } from './removal/removals.js';
import { RoleHandlers } from './role/role.handlers.js';
import { WriteRoles } from './role/write-roles.js';
import { AssignRole } from './role-assignment/assign-role.js';
import { EndAssignment } from './role-assignment/end-assignment.js';
import { MemberHandlers, RoleAssignmentHandlers } from './role-assignment/role-assignment.handlers.js';
import { AssignmentReads } from './role-assignment/role-assignment.reads.js';
import { SetOwners } from './role-assignment/set-owner.js';

/** Hears this service's own events too: another replica may have made the change. */
@Injectable()
class Invalidation implements OnModuleDestroy {
  readonly #end: () => void;

  constructor(cache: FactsCache, bus: Bus) {
    this.#end = invalidateByEvents(cache, bus);
  }

  onModuleDestroy(): void {
    this.#end();
  }
}

@Module({
  controllers: [
    PermissionHandlers,
    PermissionActionHandlers,
    RoleHandlers,
    RoleAssignmentHandlers,
    MemberHandlers,
    WorkspaceMemberHandlers,
    CheckHandlers,
    DecisionHandlers,
    ChangeHandlers,
    AccessHandlers,
    FactsHandlers,
  ],
  providers: [
    { provide: FactsCache, useFactory: (local: LocalFacts) => new FactsCache(local), inject: [LocalFacts] },
    Invalidation,
    LocalFacts,
    FreshPrincipals,
    KnownSubjects,
    DescribeObjects,
    Descriptions,
    Judges,
    Authority,
    Writes,
    PermissionReads,
    WritePermissions,
    ChangePermissions,
    WriteActions,
    WriteRoles,
    AssignmentReads,
    AssignRole,
    EndAssignment,
    SetOwners,
    WorkspaceMemberReads,
    ChangeMembers,
    AnswerChecks,
    ListObjects,
    ListSubjects,
    Removals,
    ...consumers,
  ],
})
export class AuthzModule {}
