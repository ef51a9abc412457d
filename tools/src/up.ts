import { relative } from 'node:path';
import { loadDotEnv } from './launch/dot-env.js';
import { messageOf } from './launch/error.js';
import { lineProgress } from './launch/progress.js';
import { System, type Started } from './launch/system.js';

/** Signals of one Ctrl-C may come twice, from the terminal and from npm: what follows within this time is the same. */
const sameSignalMs = 500;

function announce({ url, healthUrls, adminKey, workos }: Started): void {
  const near = relative(process.cwd(), adminKey.file);
  const file = near.startsWith('..') ? adminKey.file : near;
  // Shown to a person once; never to a log that keeps what a process prints (security.md, Stand-ins).
  const key = adminKey.isNew && process.stdout.isTTY ? `${adminKey.key}   (kept in ${file})` : `in ${file}`;
  console.log(
    [
      '',
      'Erato is ready.',
      `  API        ${url}`,
      `  Reference  ${url}/docs`,
      `  Admin key  ${key}`,
      `  Metrics    ${healthUrls.gateway}/metrics`,
      ...(workos === undefined
        ? []
        : [`  WorkOS     a stand-in at ${workos.url}, since WORKOS_API_KEY is not set`]),
      '',
      'Ctrl-C stops it.',
    ].join('\n'),
  );
}

/** Starts the system, keeps it running until a signal, stops it: SIGINT or SIGTERM in order, a second one at once. */
async function up(): Promise<void> {
  loadDotEnv();
  console.log('Starting Erato …');
  const system = new System({ env: process.env, progress: lineProgress((line) => console.log(line)) });
  let firstSignal: number | undefined;
  const onSignal = (): void => {
    if (firstSignal === undefined) {
      firstSignal = performance.now();
      console.log('\nStopping … (once more: at once)');
      void system.stop().then(
        () => {
          console.log('Stopped.');
          process.exit(0);
        },
        (error: unknown) => {
          console.error(messageOf(error));
          process.exit(1);
        },
      );
    } else if (performance.now() - firstSignal > sameSignalMs) {
      system.kill();
      process.exit(1);
    }
  };
  process.on('SIGINT', onSignal);
  process.on('SIGTERM', onSignal);
  process.on('SIGHUP', onSignal);
  try {
    announce(await system.start());
  } catch (error) {
    if (firstSignal !== undefined) return;
    console.error(`\nErato did not start: ${messageOf(error)}`);
    process.exit(1);
  }
}

await up();
