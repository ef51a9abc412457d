import 'reflect-metadata';
import { runProcess } from '@erato/platform/service/run';
import { collectProcessMetrics } from '@erato/platform/telemetry/metrics';
import { readGatewayConfig } from './config.js';
import { startGateway } from './server.js';

collectProcessMetrics('gateway');
await runProcess('gateway', () => startGateway(readGatewayConfig()));
