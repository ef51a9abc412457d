/** `npm run erato -- <command>`: installs and builds what is missing, then runs the command in this process. */
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
await import('./dist/erato.js');
