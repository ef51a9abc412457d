import 'reflect-metadata';
import { readServiceConfig } from '@erato/platform/service/config';
import { runServiceProcess, startService } from '@erato/platform/service/run';
import { readIdentityConfig } from './config.js';
import { identityDatabase, identityService } from './identity.service.js';

await runServiceProcess({ name: 'identity', database: identityDatabase }, () =>
  startService(identityService(readIdentityConfig()), readServiceConfig()),
);
