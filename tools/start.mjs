/**
 * `npm start`: installs, builds and starts the whole system. The launcher runs in this very process, so that a
 * signal reaches it once and directly.
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
await import('./dist/up.js');
