import { chmodSync, existsSync, mkdirSync, rmSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { join } from 'node:path';
import { services, type ServiceName } from '@erato/contracts/services';
import { adminKey, type AdminKey } from './admin-key.js';
import { openBus, provisionBus } from './bus.js';
import { openDatabases, provisionServiceDatabases } from './databases.js';
import { serviceEnvironment } from './environment.js';
import { writePrivate } from './files.js';
import { lockFolder } from './lock.js';
import { boundLog } from './log-file.js';
import { nodePart } from './node-part.js';
import type { Part } from './part.js';
import { leftOvers } from './pid-file.js';
import { choosePort, freePorts } from './ports.js';
import type { Progress } from './progress.js';
import { loadSecrets } from './secrets.js';
import { readSettings } from './settings.js';
import { StablePorts } from './stable-ports.js';
import { stopProcess } from './stop-process.js';
import { openWorkos, type Workos } from './workos.js';
import type { NatsLogin } from '../nats/login.js';
import { adminUser } from '../nats/permissions.js';

export interface SystemOptions {
  /** The user's choices: see `Settings`. */
  readonly env: NodeJS.ProcessEnv;
  readonly progress: Progress;
  /** False for tests: a crash of the machine may lose data, and everything is faster. True by default. */
  readonly durable?: boolean;
  /** The script of a service; `services/<name>/dist/main.js` by default. */
  readonly script?: (service: ServiceName) => string;
}

/** What a started system tells. */
export interface Started {
  /** Where apps call: `http://127.0.0.1:8080`. */
  readonly url: string;
  /** Where each service tells its health and its metrics; the gateway's metrics are those of HTTP. */
  readonly healthUrls: Readonly<Record<ServiceName, string>>;
  readonly adminKey: AdminKey;
  readonly workos: Workos['control'];
  /** The login that may do everything on the bus: for the erato command and for tests. */
  readonly nats: NatsLogin;
  /** The database of a service; none for the gateway. */
  readonly databaseUrl: (service: ServiceName) => string | undefined;
}

/** How long each stage of a stop may take, in milliseconds; together less than ten seconds. */
const stopMs = { gateway: 3_500, service: 3_000 };
const names = Object.keys(services) as ServiceName[];
const behind = names.filter((name) => name !== 'gateway');

const defaultScript = (service: ServiceName): string =>
  fileURLToPath(new URL(`../../../services/${service}/dist/main.js`, import.meta.url));

/** Where programs on this machine reach a server that listens on `host`. */
const reachedAt = (host: string): string => {
  if (host === '0.0.0.0' || host === '::') return '127.0.0.1';
  return host.includes(':') ? `[${host}]` : host;
};

/**
 * The whole system as processes of this machine: Postgres, NATS, the WorkOS stand-in (each unless the environment
 * names a real one), then the services, then the gateway. Started once, stopped once.
 */
export class System {
  /** Every process by its name, in the order of their start. */
  readonly parts = new Map<string, Part>();
  private readonly stages: Part[][] = [];
  private unlock: (() => void) | undefined;
  private stopped: Promise<void> | undefined;
  private logClock: NodeJS.Timeout | undefined;

  constructor(private readonly options: SystemOptions) {}

  /** Starts everything and resolves when the gateway serves. When something does not start, all is stopped again. */
  async start(): Promise<Started> {
    try {
      return await this.startParts();
    } catch (error) {
      await this.stop();
      throw error;
    }
  }

  /** Stops everything in reverse order, within ten seconds. */
  stop(): Promise<void> {
    this.stopped ??= this.stopParts();
    return this.stopped;
  }

  private async stopParts(): Promise<void> {
    clearInterval(this.logClock);
    for (const stage of this.stages.splice(0).reverse()) await Promise.all(stage.map((part) => part.stop()));
    this.unlock?.();
    this.unlock = undefined;
  }

  /** Kills everything at once. What was committed stays; the next start recovers. */
  kill(): void {
    this.stopped ??= Promise.resolve();
    for (const part of this.parts.values()) part.kill();
    this.unlock?.();
  }

  private async startParts(): Promise<Started> {
    const { progress, durable = true } = this.options;
    const settings = readSettings(this.options.env);
    const { dataFolder, host } = settings;
    const data = (name: string): string => join(dataFolder, name);
    prepareFolder(dataFolder);
    this.unlock = lockFolder(dataFolder);
    await stopLeftOvers(data('run'), progress);

    const secrets = loadSecrets(dataFolder);
    const key = adminKey(dataFolder, settings.adminKey);
    const port = await choosePort(settings.port, host, settings.portIsExplicit);
    if (port !== settings.port && settings.port !== 0)
      progress.note(`port ${settings.port} is taken, so ${port} is used`);
    const ports = new StablePorts(dataFolder);
    const url = `http://${reachedAt(host)}:${port}`;

    const [bus, databases] = await Promise.all([
      openBus(settings, secrets, ports, (line) => progress.note(line)),
      openDatabases(settings, secrets, ports, durable),
    ]);
    const workos = await openWorkos(settings, secrets, ports, url, (line) =>
      progress.warning('workos', line),
    );
    await this.startStage([databases.part, bus.part], progress);
    if (databases.part === undefined) progress.note(databases.description);
    if (bus.part === undefined) progress.note(`NATS at ${bus.description}`);
    await Promise.all([
      provisionBus(bus.login(adminUser), settings.natsReplicas),
      provisionServiceDatabases(databases, settings, secrets),
      this.startStage([workos.part], progress),
    ]);

    const inner = await freePorts(names.length);
    const healthPorts = new Map(names.map((name, index) => [name, inner[index] ?? 0]));
    if (settings.metricsPort !== undefined) healthPorts.set('gateway', settings.metricsPort);
    const around = {
      secrets,
      nats: bus.login,
      databaseUrl: databases.url,
      healthPort: (name: ServiceName) => healthPorts.get(name) ?? 0,
      host,
      port,
      adminKeyFile: key.file,
      workos: workos.variables,
      env: settings.env,
    };
    const partOf = (name: ServiceName): Part =>
      nodePart({
        name,
        script: (this.options.script ?? defaultScript)(name),
        // Node 22 and later keep compiled code there, which halves the time to load it; earlier ones pass over it.
        env: { ...serviceEnvironment(name, around), NODE_COMPILE_CACHE: data('cache') },
        readiness: { port: around.healthPort(name), path: '/health/ready' },
        logFolder: data('logs'),
        runFolder: data('run'),
        stopWithinMs: name === 'gateway' ? stopMs.gateway : stopMs.service,
        onWarning: (line) => progress.warning(name, line),
      });
    await this.startStage(behind.map(partOf), progress);
    await this.startStage([partOf('gateway')], progress);

    const healthUrls = Object.fromEntries(
      [...healthPorts].map(([name, each]) => [name, `http://127.0.0.1:${each}`]),
    ) as Record<ServiceName, string>;
    writePrivate(
      data('run/system.json'),
      JSON.stringify({
        pid: process.pid,
        url,
        health: healthUrls,
        nats: bus.part === undefined ? undefined : bus.login(adminUser).url,
      }),
    );
    // NATS and Postgres write their logs themselves, so that they outlive a killed launcher.
    this.logClock = setInterval(() => {
      for (const name of ['nats', 'postgres']) boundLog(data(`logs/${name}.log`));
    }, 60_000).unref();
    return {
      url,
      healthUrls,
      adminKey: key,
      workos: workos.control,
      nats: bus.login(adminUser),
      databaseUrl: databases.url,
    };
  }

  private async startStage(wanted: readonly (Part | undefined)[], progress: Progress): Promise<void> {
    if (this.stopped !== undefined) throw new Error('stopped while starting');
    const stage = wanted.filter((part) => part !== undefined);
    if (stage.length === 0) return;
    this.stages.push(stage);
    for (const part of stage) {
      this.parts.set(part.name, part);
      progress.follow(part);
    }
    // All settle before an error leaves, so that a stop finds every process of the stage.
    const results = await Promise.allSettled(stage.map((part) => part.start()));
    const failed = results.find((result) => result.status === 'rejected');
    if (failed !== undefined) throw failed.reason;
  }
}

/** Makes the data folder for this user alone; as root, others may pass through to the one folder that is theirs. */
function prepareFolder(folder: string): void {
  const isNew = !existsSync(folder);
  mkdirSync(folder, { recursive: true });
  if (isNew) chmodSync(folder, process.getuid?.() === 0 ? 0o711 : 0o700);
  rmSync(join(folder, 'run', 'system.json'), { force: true });
}

/** Stops what a killed launcher left: its services end by themselves, its Postgres and NATS may not. */
async function stopLeftOvers(folder: string, progress: Progress): Promise<void> {
  const found = leftOvers(folder);
  if (found.length === 0) return;
  progress.note(`stopping what the last run left: ${found.map(({ name }) => name).join(', ')}`);
  await Promise.all(
    found.map(({ name, pid, identity }) =>
      stopProcess(pid, identity, { ask: name === 'postgres' ? 'SIGINT' : 'SIGTERM', withinMs: 8_000 }),
    ),
  );
}
