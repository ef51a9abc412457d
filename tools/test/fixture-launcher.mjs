/** The launcher over fixture services, as a process of its own that tests can kill: `node fixture-launcher.mjs`. */
import { fileURLToPath } from 'node:url';
import { lineProgress } from '../dist/launch/progress.js';
import { System } from '../dist/launch/system.js';

const script = () => fileURLToPath(new URL('./fixture-service.mjs', import.meta.url));
const system = new System({
  env: process.env,
  durable: false,
  script,
  progress: lineProgress((line) => console.log(line)),
});
process.on('SIGTERM', () => void system.stop().then(() => process.exit(0)));
try {
  await system.start();
  console.log(
    `pids ${JSON.stringify(Object.fromEntries([...system.parts].map(([name, part]) => [name, part.pid])))}`,
  );
} catch (error) {
  console.log(`failed ${error.message}`);
  process.exit(1);
}
