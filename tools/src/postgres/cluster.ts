import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import {
  chownSync,
  closeSync,
  existsSync,
  lstatSync,
  mkdirSync,
  openSync,
  readdirSync,
  readlinkSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { lastLines, readText } from '../launch/files.js';
import { Part } from '../launch/part.js';
import { processIdentity } from '../launch/process-identity.js';
import { stopProcess } from '../launch/stop-process.js';
import { mayEnter, serverAccount, type Account } from './account.js';
import { postgresPrograms, sharedFolder } from './binaries.js';
import { serverAnswers } from './connect.js';
import { messageOf } from '../launch/error.js';

export interface ClusterOptions {
  /** Where the cluster lies; made when it is missing. */
  readonly folder: string;
  /** Where the server logs. */
  readonly logFile: string;
  readonly port: number;
  /** The password of the superuser `postgres`. It counts when the cluster is made. */
  readonly password: string;
  /** False for tests: a crash of the machine may then lose data, and everything is faster. */
  readonly durable: boolean;
  readonly runFolder?: string;
}

/** The major version of the embedded server: a cluster of another one cannot be opened by it. */
const major = '18';

/** Enough for every service's pool on a laptop, and small enough to sleep unnoticed there. */
const settings = {
  listen_addresses: '127.0.0.1',
  unix_socket_directories: '',
  max_connections: '200',
  shared_buffers: '128MB',
  effective_cache_size: '1GB',
  work_mem: '8MB',
  maintenance_work_mem: '64MB',
  max_wal_size: '1GB',
  random_page_cost: '1.1',
  // Compiling a plan costs more than every query of this system takes.
  jit: 'off',
  timezone: 'UTC',
  log_timezone: 'UTC',
  log_checkpoints: 'off',
  log_line_prefix: '%m [%p] %d ',
};
/** Without waiting for the disk; a killed server still loses nothing, since the system keeps what was written. */
const fast = { fsync: 'off', full_page_writes: 'off' };

/**
 * Where the cluster wanted in `folder` lies: there, or, when root's data folder cannot be entered by the server's
 * user, below /var/lib/erato, with a link to it in the data folder.
 */
function reachable(folder: string, account: Account): string {
  const parent = resolve(folder, '..');
  mkdirSync(parent, { recursive: true });
  const found = lstatSync(folder, { throwIfNoEntry: false });
  if (found?.isSymbolicLink()) return readlinkSync(folder);
  if (mayEnter(account, parent)) return folder;
  if (found !== undefined) {
    throw new Error(
      `the user that Postgres runs as cannot enter ${parent}: let others pass (chmod o+x) or move it`,
    );
  }
  const elsewhere = join(sharedFolder, `cluster-${randomUUID()}`);
  symlinkSync(elsewhere, folder);
  return elsewhere;
}

async function initialise(
  folder: string,
  programs: string,
  account: Account,
  options: ClusterOptions,
): Promise<void> {
  // An initdb that was cut off leaves files but no control file; what is there then was never a database.
  if (existsSync(folder) && readdirSync(folder).length > 0) rmSync(folder, { recursive: true });
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  // Beside the cluster, where the server's user comes by: a folder for temporary files may be closed to it.
  const passwordFile = `${folder}.${randomUUID()}`;
  writeFileSync(passwordFile, options.password, { mode: 0o600, flag: 'wx' });
  if (account.uid !== undefined && account.gid !== undefined) {
    chownSync(folder, account.uid, account.gid);
    chownSync(passwordFile, account.uid, account.gid);
  }
  const flags = [
    '--locale=C',
    '--encoding=UTF8',
    '--auth=scram-sha-256',
    '--username=postgres',
    '--no-instructions',
  ];
  if (!options.durable) flags.push('--no-sync');
  try {
    await promisify(execFile)(
      join(programs, 'initdb'),
      [`--pgdata=${folder}`, `--pwfile=${passwordFile}`, ...flags],
      {
        ...account,
        cwd: '/',
        env: { ...process.env, LC_ALL: 'C' },
      },
    );
  } catch (error) {
    const said =
      error !== null && typeof error === 'object' && 'stderr' in error
        ? String(error.stderr).trim()
        : messageOf(error);
    throw new Error(`initdb could not make a database in ${folder}: ${said}`, { cause: error });
  } finally {
    rmSync(passwordFile, { force: true });
  }
}

/** Ends a server that a killed launcher left on this folder. Its children end with it. */
async function stopLeftOver(folder: string): Promise<void> {
  const [first] = (readText(join(folder, 'postmaster.pid')) ?? '').split('\n');
  const pid = Number(first);
  if (!Number.isSafeInteger(pid) || pid <= 1) return;
  const identity = processIdentity(pid);
  if (identity === undefined || !isServerOf(pid, folder)) return;
  await stopProcess(pid, identity, { ask: 'SIGINT', withinMs: 15_000 });
}

/** Whether this process is a server with this folder: the pid in a file of yesterday may be anyone's today. */
function isServerOf(pid: number, folder: string): boolean {
  const commandLine = readText(`/proc/${pid}/cmdline`);
  return commandLine === undefined ? process.platform !== 'linux' : commandLine.split('\0').includes(folder);
}

/** The server's own words on why it ended: its last fatal lines, without time and pid. */
function reason(logFile: string): string | undefined {
  const telling = lastLines(logFile, 40).filter((line) => /FATAL|PANIC|ERROR|HINT|DETAIL/.test(line));
  const said = telling.slice(-3).map((line) => line.replace(/^.*?((FATAL|PANIC|ERROR|HINT|DETAIL):)/, '$1'));
  return said.length > 0 ? `${said.join(' ')} (log: ${logFile})` : `see ${logFile}`;
}

/**
 * A Postgres server of our own on 127.0.0.1, its cluster made at the first start (locale C, UTF8, passwords by
 * SCRAM). As root the server runs as another user. It is started in a process group of its own, so that Ctrl-C in
 * the terminal does not end it before the services that use it.
 */
export async function postgresPart(options: ClusterOptions): Promise<Part> {
  const account = serverAccount();
  const programs = postgresPrograms(account);
  const folder = reachable(resolve(options.folder), account);
  mkdirSync(resolve(options.logFile, '..'), { recursive: true });

  const version = readText(join(folder, 'PG_VERSION'))?.trim();
  if (version !== undefined && version !== major) {
    throw new Error(
      `${folder} was made by Postgres ${version} and this is ${major}: move its data with pg_dump and pg_restore, or start with another ERATO_DATA_DIR`,
    );
  }
  if (!existsSync(join(folder, 'global', 'pg_control'))) await initialise(folder, programs, account, options);

  const flags = Object.entries({ ...settings, ...(options.durable ? {} : fast) }).flatMap(([key, value]) => [
    '-c',
    `${key}=${value}`,
  ]);
  const start = async (): Promise<ChildProcess> => {
    await stopLeftOver(folder);
    const log = openSync(options.logFile, 'a', 0o600);
    try {
      return spawn(join(programs, 'postgres'), ['-D', folder, '-p', String(options.port), ...flags], {
        ...account,
        cwd: '/',
        detached: true,
        stdio: ['ignore', log, log],
        env: { ...process.env, LC_ALL: 'C' },
      });
    } finally {
      closeSync(log);
    }
  };
  return new Part({
    name: 'postgres',
    spawn: start,
    ready: () => serverAnswers(adminUrl(options)),
    // Fast shutdown: ends sessions, writes a checkpoint.
    stopSignal: 'SIGINT',
    stopWithinMs: 8_000,
    readyWithinMs: 60_000,
    // After kill -9 the old children may need a moment to let go of the shared memory.
    tries: 8,
    reason: () => reason(options.logFile),
    ...(options.runFolder === undefined ? {} : { runFolder: options.runFolder }),
  });
}

/** The address of the database `postgres` for the superuser. */
export const adminUrl = ({ port, password }: Pick<ClusterOptions, 'port' | 'password'>): string =>
  `postgres://postgres:${encodeURIComponent(password)}@127.0.0.1:${port}/postgres`;
