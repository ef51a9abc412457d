import type { DynamicModule } from '@nestjs/common';
import type { ServiceOptions } from '@erato/platform/service/run';
import { ApiKeyEntity } from './api-key/api-key.entity.js';
import { consumers } from './consumers.js';
import { IDENTITY_CONFIG, type IdentityConfig } from './config.js';
import { IdentityModule } from './identity.module.js';
import { MembershipEntity } from './member/membership.entity.js';
import { Identity1760000000000 } from './migrations/1760000000000-identity.js';
import { RetiredSecrets1761000000000 } from './migrations/1761000000000-retired-secrets.js';
import { SyncRuns1761000000001 } from './migrations/1761000000001-sync-runs.js';
import { Erasures1763740000000 } from './migrations/1763740000000-erasures.js';
import { OrganizationEntity } from './organization/organization.entity.js';
import { SyncWorker } from './sync/sync.worker.js';
import { TeamUserEntity } from './team-member/team-user.entity.js';
import { TeamEntity } from './team/team.entity.js';
import { UserEntity } from './user/user.entity.js';

/** The tables and how they came to be: known without any configuration, so that migrations can run alone. */
export const identityDatabase = {
  entities: [UserEntity, OrganizationEntity, MembershipEntity, TeamEntity, TeamUserEntity, ApiKeyEntity],
  migrations: [
    Identity1760000000000,
    RetiredSecrets1761000000000,
    SyncRuns1761000000001,
    Erasures1763740000000,
  ],
};

/** The service as it is started, by its process and by tests. */
export function identityService(config: IdentityConfig) {
  const module: DynamicModule = {
    module: IdentityModule,
    global: true,
    providers: [{ provide: IDENTITY_CONFIG, useValue: config }],
    exports: [IDENTITY_CONFIG],
  };
  return {
    name: 'identity',
    module,
    database: identityDatabase,
    consumers,
    background: [SyncWorker],
  } as const satisfies ServiceOptions;
}
