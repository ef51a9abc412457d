import 'reflect-metadata';
import { readServiceConfig } from '@erato/platform/service/config';
import { runService } from '@erato/platform/service/run';
import { contentService } from './service.js';

await runService(contentService, readServiceConfig);
