import { execFile } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { homedir } from 'node:os';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';
import { fromDistribution } from './debian.js';
import { fromRelease } from './download.js';
import { codeOf, messageOf } from '../launch/error.js';

/** The oldest nats-server that this system runs on. */
const oldest = [2, 9] as const;

export interface NatsBinary {
  readonly path: string;
  /** As the server tells it: `2.12.4`. */
  readonly version: string;
}

/** Runs a nats-server for its version; throws when it is none, or too old. */
async function examine(path: string): Promise<NatsBinary> {
  const { stdout } = await promisify(execFile)(path, ['--version'], { timeout: 10_000 }).catch(
    (error: unknown) => {
      const code = codeOf(error);
      throw new Error(code === 'ENOENT' ? `there is no ${path}` : `${path} does not run (${String(code)})`);
    },
  );
  const [, version, major, minor] = /v((\d+)\.(\d+)[^\s]*)/.exec(stdout) ?? [];
  if (version === undefined) throw new Error(`${path} is no nats-server`);
  if (Number(major) < oldest[0] || (Number(major) === oldest[0] && Number(minor) < oldest[1])) {
    throw new Error(`${path} is version ${version}, and ${oldest.join('.')} or later is needed`);
  }
  return { path, version };
}

const programName = process.platform === 'win32' ? 'nats-server.exe' : 'nats-server';

const onPath = (env: NodeJS.ProcessEnv): string[] =>
  (env['PATH'] ?? '')
    .split(delimiter)
    .filter((folder) => folder !== '')
    .map((folder) => join(folder, programName));

/** Where distributions install servers, and an ordinary user's PATH does not look. */
const installed = ['/usr/local/sbin', '/usr/sbin'].map((folder) => join(folder, programName));

/** Where fetched programs are kept. */
export const cacheFolder = (env: NodeJS.ProcessEnv): string =>
  env['ERATO_CACHE_DIR'] || join(env['XDG_CACHE_HOME'] || join(homedir(), '.cache'), 'erato');

function cached(folder: string): string[] {
  try {
    const versions = readdirSync(folder).filter((file) => /^nats-server-\d/.test(file));
    return versions
      .sort((a, b) => b.localeCompare(a, 'en', { numeric: true }))
      .map((file) => join(folder, file));
  } catch {
    return [];
  }
}

async function firstThatRuns(paths: readonly string[]): Promise<NatsBinary | undefined> {
  for (const path of paths) {
    const binary = await examine(path).catch(() => undefined);
    if (binary !== undefined) return binary;
  }
  return undefined;
}

/**
 * A nats-server that is on this machine: NATS_SERVER_BIN, then PATH, then the cache. Throws when NATS_SERVER_BIN names
 * none.
 */
export async function installedNatsServer(env: NodeJS.ProcessEnv): Promise<NatsBinary | undefined> {
  const named = env['NATS_SERVER_BIN'];
  if (named) {
    return examine(named).catch((error: unknown) => {
      throw new Error(`NATS_SERVER_BIN: ${messageOf(error)}`, { cause: error });
    });
  }
  return firstThatRuns([...onPath(env), ...cached(cacheFolder(env)), ...installed]);
}

/**
 * A nats-server for this machine: an installed one, then the pinned official release, then the distribution's
 * package. Throws one error that names every way that failed and what the user can do.
 * @param tell hears each way that is tried over the network, and how it failed, a line each
 */
export async function findNatsServer(
  env: NodeJS.ProcessEnv,
  tell: (line: string) => void,
): Promise<NatsBinary> {
  const there = await installedNatsServer(env);
  if (there !== undefined) return there;
  const cache = cacheFolder(env);
  const ways = [
    { name: 'the official release', fetch: fromRelease },
    { name: "the distribution's package", fetch: fromDistribution },
  ];
  const failures: string[] = [];
  for (const { name, fetch } of ways) {
    try {
      tell(`fetching nats-server: ${name}`);
      return await examine(await fetch(cache));
    } catch (error) {
      const [why] = messageOf(error).split('\n');
      failures.push(`${name}: ${why ?? ''}`);
      tell(`  not to be had: ${why ?? ''}`);
    }
  }
  throw new Error(
    `there is no nats-server: none on PATH, none in ${cache}, ${failures.join('; ')}. ` +
      'Install nats-server 2.9 or later, or set NATS_SERVER_BIN to one, or NATS_URL to a running server',
  );
}
