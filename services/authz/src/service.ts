import type { ServiceOptions } from '@erato/platform/service/run';
import { AuthzModule } from './authz.module.js';
import { consumers } from './consumers.js';
import { AuthzTables1750000000000 } from './migrations/1750000000000-authz-tables.js';
import { SystemRows1750000000001 } from './migrations/1750000000001-system-rows.js';
import { ObjectElements1763728000000 } from './migrations/1763728000000-object-elements.js';
import { Pseudonyms1763731000000 } from './migrations/1763731000000-pseudonyms.js';
import { GoneSubjects1763747400000 } from './migrations/1763747400000-gone-subjects.js';
import { PermissionEntity } from './permission/permission.entity.js';
import { PermissionActionEntity } from './permission-action/permission-action.entity.js';
import { Removals } from './removal/removals.js';
import { RoleEntity } from './role/role.entity.js';
import { RoleAssignmentEntity } from './role-assignment/role-assignment.entity.js';

/** The service as it is started: by its process, and by tests. */
export const authz = {
  name: 'authz',
  module: AuthzModule,
  database: {
    entities: [PermissionEntity, PermissionActionEntity, RoleEntity, RoleAssignmentEntity],
    migrations: [
      AuthzTables1750000000000,
      SystemRows1750000000001,
      ObjectElements1763728000000,
      Pseudonyms1763731000000,
      GoneSubjects1763747400000,
    ],
  },
  consumers,
  background: [Removals],
} satisfies ServiceOptions;
