import { chmodSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ServiceName } from '@erato/contracts/services';
import type { Part } from '../launch/part.js';
import { silent, type Progress } from '../launch/progress.js';
import { databaseOf } from '../launch/databases.js';
import { loadSecrets } from '../launch/secrets.js';
import { System, type Started } from '../launch/system.js';
import { adminUrl } from '../postgres/cluster.js';
import { serviceUrl } from '../postgres/databases.js';

/** What the machine gives; a developer's own settings of Erato must not change what is measured. */
const machine = ['PATH', 'HOME', 'TMPDIR', 'TZ', 'LANG', 'NATS_SERVER_BIN', 'ERATO_CACHE_DIR'];

/** Every process that serves a request, besides Postgres, whose processes are counted by what they serve. */
export const eratoProcesses = ['gateway', 'content', 'authz', 'identity', 'nats'] as const;

/** An installation with data of its own, started by the launcher as `npm start` does, in production builds. */
export class Installation {
  readonly folder = mkdtempSync(join(tmpdir(), 'erato-bench-'));
  private system: System | undefined;

  constructor(private readonly progress: Progress = silent) {
    chmodSync(this.folder, 0o711);
  }

  /** Starts everything and gives what the launcher tells, with the time to ready in milliseconds. */
  async start(): Promise<Started & { readonly tookMs: number }> {
    const since = performance.now();
    const given = machine.flatMap((name) =>
      process.env[name] === undefined ? [] : [[name, process.env[name]]],
    );
    this.system = new System({
      env: {
        ...(Object.fromEntries(given) as Record<string, string>),
        ERATO_DATA_DIR: this.folder,
        ERATO_RATE_KEY: '1000000',
        ERATO_RATE_GUEST: '1000000',
        PORT: '0',
      },
      progress: this.progress,
    });
    const started = await this.system.start();
    return { ...started, tookMs: performance.now() - since };
  }

  part(name: string): Part {
    const found = this.system?.parts.get(name);
    if (found === undefined) throw new Error(`no ${name} was started`);
    return found;
  }

  /** The pids of Erato's processes, Postgres left out. */
  pids(): number[] {
    return eratoProcesses.map((name) => this.part(name).pid ?? 0);
  }

  /** The address of a service's database, as its own role. */
  databaseUrl(service: ServiceName): string {
    return serviceUrl(this.adminDatabaseUrl(), databaseOf(service, loadSecrets(this.folder)));
  }

  /** The address of Postgres for its superuser. */
  adminDatabaseUrl(): string {
    const ports = JSON.parse(readFileSync(join(this.folder, 'ports.json'), 'utf8')) as { postgres: number };
    return adminUrl({ port: ports.postgres, password: loadSecrets(this.folder).postgres['postgres'] ?? '' });
  }

  async stop(): Promise<void> {
    await this.system?.stop();
  }

  /** Stops everything and removes the data. */
  async remove(): Promise<void> {
    await this.stop();
    rmSync(this.folder, { recursive: true, force: true });
  }
}
