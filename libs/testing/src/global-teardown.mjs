/** Jest's global tear-down: ends the Postgres of the run and waits until it is gone. */
import { once } from 'node:events';

export default async function globalTeardown() {
  const child = globalThis.eratoTestPostgres;
  if (!child || child.exitCode !== null) return;
  child.stdin.end();
  await once(child, 'exit');
}
