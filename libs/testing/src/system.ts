import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { ServiceName } from '@erato/contracts/services';
import type { Part } from '@erato/tools/launch/part';
import { silent } from '@erato/tools/launch/progress';
import { System, type Started } from '@erato/tools/launch/system';
import type { NatsLogin } from '@erato/tools/nats/login';
import { crashAndRecover, endWithTests, nextReady } from './watch.js';

/** A process of a started system: a service, or what they all need. */
export type ProcessName = ServiceName | 'nats' | 'postgres' | 'workos';

/** The whole system, started as `npm start` starts it. */
export interface TestSystem {
  /** Where its API is: `http://127.0.0.1:<port>`. */
  readonly url: string;
  /** A key with the scope `admin`. */
  readonly adminKey: string;
  /** How to steer the WorkOS stand-in: see its README, `/_control/…` with this bearer token. */
  readonly workosControl: NonNullable<Started['workos']>;
  /** The login that may do everything on the bus. */
  readonly nats: NatsLogin;
  /** The database of a service, for what a test must hold up or look at from outside. */
  databaseUrl(service: Exclude<ServiceName, 'gateway'>): string;
  /** The pid of a living process; another one after a restart. */
  pid(name: ProcessName): number | undefined;
  /** Sends a signal (SIGKILL by default) and resolves when the process was started again and is ready. */
  kill(name: ProcessName, signal?: NodeJS.Signals): Promise<void>;
  restartNats(): Promise<void>;
  restartPostgres(): Promise<void>;
  /** Where a service answers `/health/ready` and `/metrics`: `http://127.0.0.1:<port>`. */
  healthUrl(name: ServiceName): string;
  /** Resolves when a process becomes ready the next time: to be asked before what makes it end. */
  nextReady(name: ProcessName): Promise<void>;
  /** What a process has logged so far. */
  log(name: ProcessName): string;
  /** Stops everything and removes its data. */
  stop(): Promise<void>;
}

export interface TestSystemOptions {
  /** Variables as a user would set them, such as ERATO_RATE_KEY. */
  readonly env?: Readonly<Record<string, string>>;
  /** The script of a service in place of its own. */
  readonly script?: (service: ServiceName) => string;
}

/** What the machine gives; the developer's own settings of Erato must not reach the tests. */
const machine = ['PATH', 'HOME', 'TMPDIR', 'TZ', 'LANG', 'NATS_SERVER_BIN', 'ERATO_CACHE_DIR'];

/** Builds the services once more, unless `npm test` has just done so. */
async function built(): Promise<void> {
  if (process.env['ERATO_BUILT'] === '1') return;
  const script = fileURLToPath(new URL('../../../tools/build.mjs', import.meta.url));
  const [code] = (await once(
    spawn(process.execPath, [script], { stdio: ['ignore', 'ignore', 'inherit'] }),
    'exit',
  )) as [number];
  if (code !== 0) throw new Error('the build failed');
}

/** Starts the whole system on free ports with data of its own: Postgres, NATS, the WorkOS stand-in, every service. */
export async function startSystem(options: TestSystemOptions = {}): Promise<TestSystem> {
  await built();
  const folder = mkdtempSync(join(tmpdir(), 'erato-system-'));
  chmodSync(folder, 0o711);
  const given = machine.flatMap((name) =>
    process.env[name] === undefined ? [] : [[name, process.env[name]]],
  );
  const system = new System({
    env: {
      ...(Object.fromEntries(given) as Record<string, string>),
      LOG_LEVEL: 'warn',
      ...options.env,
      ERATO_DATA_DIR: folder,
      PORT: '0',
    },
    durable: false,
    ...(options.script === undefined ? {} : { script: options.script }),
    progress: {
      ...silent,
      // The services end with this process by themselves; the servers are no children that would.
      follow: (part) => ['nats', 'postgres'].includes(part.name) && endWithTests(part),
    },
  });
  const part = (name: ProcessName): Part => {
    const found = system.parts.get(name);
    if (found === undefined) throw new Error(`no ${name} was started`);
    return found;
  };
  const log = (name: ProcessName): string => readFileSync(join(folder, 'logs', `${name}.log`), 'utf8');
  try {
    const { url, healthUrls, adminKey, workos, nats, databaseUrl } = await system.start();
    if (workos === undefined) throw new Error('the WorkOS stand-in was not started');
    return {
      url,
      adminKey: adminKey.key,
      workosControl: workos,
      nats,
      databaseUrl: (service) => databaseUrl(service) ?? '',
      pid: (name) => part(name).pid,
      kill: (name, signal) => crashAndRecover(part(name), signal),
      restartNats: () => part('nats').restart(),
      restartPostgres: () => part('postgres').restart(),
      healthUrl: (name) => healthUrls[name],
      nextReady: (name) => nextReady(part(name)),
      log,
      async stop() {
        await system.stop();
        rmSync(folder, { recursive: true, force: true });
      },
    };
  } catch (error) {
    rmSync(folder, { recursive: true, force: true });
    throw error;
  }
}
