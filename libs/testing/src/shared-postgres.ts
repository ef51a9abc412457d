/**
 * The process that keeps the Postgres which the test files of one run share: it prints the address, and stops the
 * server when its input ends, so also when the test run is killed. Started by global-setup.mjs.
 */
import { startPostgres } from './infra.js';

const server = await startPostgres();
process.stdout.write(`${server.url}\n`);
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => undefined);
process.stdin.resume();
await new Promise((resolve) => process.stdin.once('end', resolve).once('close', resolve));
await server.close();
process.exit(0);
