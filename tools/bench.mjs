/**
 * `npm run bench`: installs, builds, then measures the system against a limit (tools/src/bench/README.md). What stands
 * behind `--` goes to the benchmark; `--help` names it.
 */
import { ensureInstalled } from './install.mjs';

try {
  ensureInstalled();
  const { build } = await import('./build.mjs');
  await build();
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exit(1);
}
process.setSourceMapsEnabled(true);
await import('./dist/bench/main.js');
