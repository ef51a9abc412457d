import 'reflect-metadata';
import { readServiceConfig } from '@erato/platform/service/config';
import { runProcess, startService } from '@erato/platform/service/run';
import { collectProcessMetrics } from '@erato/platform/telemetry/metrics';
import { readIdentityConfig } from './config.js';
import { identityService } from './identity.service.js';

collectProcessMetrics('identity');
await runProcess('identity', () => startService(identityService(readIdentityConfig()), readServiceConfig()));
