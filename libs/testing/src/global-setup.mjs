/**
 * Jest's global set-up of the rings that need Postgres: starts one for the whole run, since making a cluster takes
 * longer than most tests. It runs in a process of its own, which ends with this one whatever happens.
 * Plain JavaScript, because Jest loads it before its own transforms work for modules.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

export default async function globalSetup() {
  if (process.env.ERATO_TEST_POSTGRES_URL) return;
  const child = spawn(
    process.execPath,
    [
      '--conditions=development',
      '--import',
      '@swc-node/register/esm-register',
      fileURLToPath(new URL('./shared-postgres.ts', import.meta.url)),
    ],
    { stdio: ['pipe', 'pipe', 'inherit'], env: { ...process.env, NODE_OPTIONS: '' } },
  );
  const lines = createInterface({ input: child.stdout });
  const [url] = await Promise.race([
    once(lines, 'line'),
    once(child, 'exit').then(([code]) => {
      throw new Error(`the Postgres of the test run did not start (exit code ${code})`);
    }),
  ]);
  process.env.ERATO_TEST_POSTGRES_URL = url;
  globalThis.eratoTestPostgres = child;
}
