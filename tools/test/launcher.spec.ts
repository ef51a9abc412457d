import { spawn, type ChildProcess } from 'node:child_process';
import { chmodSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { startInfra } from '@erato/testing/infra';
import { leftOvers } from '@erato/tools/launch/pid-file';
import { processIdentity } from '@erato/tools/launch/process-identity';
import { until } from '@erato/tools/launch/wait';
import { withClient } from '@erato/tools/postgres/connect';

const script = fileURLToPath(new URL('./fixture-launcher.mjs', import.meta.url));
const names = ['postgres', 'nats', 'workos', 'identity', 'authz', 'content', 'gateway'];

let folder: string;
const running: ChildProcess[] = [];
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'erato-launcher-'));
  chmodSync(folder, 0o711);
});
afterEach(async () => {
  for (const child of running.splice(0)) {
    child.kill('SIGTERM');
    // One that still stops would be found by the next test in the place of its own.
    expect(await until(() => child.exitCode !== null || child.signalCode !== null, 55_000)).toBe(true);
  }
}, 60_000);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

interface Launcher {
  readonly child: ChildProcess;
  readonly lines: string[];
  /** Of a system that started; a failure's line otherwise. */
  readonly outcome: Record<string, number> | string;
}

const environment = (more: Record<string, string> = {}): NodeJS.ProcessEnv => ({
  PATH: process.env['PATH'],
  HOME: process.env['HOME'],
  ERATO_DATA_DIR: folder,
  PORT: '0',
  ...more,
});

/** Starts the launcher on the test's data folder and waits until the system runs, or did not start. */
async function launch(env: Record<string, string> = {}): Promise<Launcher> {
  const child = spawn(process.execPath, [script], {
    env: environment(env),
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  running.push(child);
  const lines: string[] = [];
  for await (const line of createInterface({ input: child.stdout })) {
    lines.push(line);
    if (line.startsWith('pids '))
      return { child, lines, outcome: JSON.parse(line.slice(5)) as Record<string, number> };
    if (line.startsWith('failed ')) return { child, lines, outcome: line };
  }
  throw new Error(`the launcher ended early: ${lines.join('\n')}`);
}

const pidsOf = ({ outcome, lines }: Launcher): Record<string, number> => {
  if (typeof outcome === 'string') throw new Error(lines.join('\n'));
  return outcome;
};
const alive = (pids: Record<string, number>): string[] =>
  names.filter((name) => processIdentity(pids[name] ?? 0) !== undefined);

describe('a launcher as a process', () => {
  it('keeps its secrets for its owner alone', async () => {
    await launch();
    for (const name of ['secrets.json', 'admin-key', 'nats/nats.conf', 'run/system.json', 'logs/nats.log']) {
      expect([name, statSync(join(folder, name)).mode & 0o777]).toEqual([name, 0o600]);
    }
  });

  it('stops everything when it is asked to', async () => {
    const first = await launch();
    const pids = pidsOf(first);
    expect(alive(pids)).toEqual(names);
    const ended = new Promise((resolve) => first.child.once('exit', resolve));
    first.child.kill('SIGTERM');
    expect(await ended).toBe(0);
    expect(alive(pids)).toEqual([]);
  });

  it('refuses a second one on the same data', async () => {
    const first = await launch();
    const second = await launch();
    expect(second.outcome).toContain(`in use by another Erato (process ${first.child.pid ?? 0})`);
    expect(alive(pidsOf(first))).toEqual(names);
  });

  it('after kill -9 leaves no service behind, and the next one starts with the data', async () => {
    const first = await launch();
    const pids = pidsOf(first);
    await withClient(adminOf(folder), (client) =>
      client.query('create table if not exists kept as select 1 as one'),
    );
    first.child.kill('SIGKILL');
    const services = ['identity', 'authz', 'content', 'gateway', 'workos'];
    const gone = (): boolean => services.every((name) => processIdentity(pids[name] ?? 0) === undefined);
    expect(await until(gone, 10_000)).toBe(true);

    const second = await launch();
    expect(alive(pidsOf(second))).toEqual(names);
    expect(alive(pids)).toEqual([]);
    const { rows } = await withClient(adminOf(folder), (client) => client.query('select one from kept'));
    expect(rows).toEqual([{ one: 1 }]);
  });

  it('that is asked to stop while it starts leaves nothing running', async () => {
    const child = spawn(process.execPath, [script], {
      env: environment(),
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    running.push(child);
    const lines: string[] = [];
    for await (const line of createInterface({ input: child.stdout })) {
      lines.push(line);
      if (/postgres +ready/.test(line)) child.kill('SIGTERM');
    }
    expect(lines.join('\n')).not.toContain('pids ');
    expect(leftOvers(join(folder, 'run'))).toEqual([]);
  });

  it('uses servers of the user where they are named', async () => {
    const infra = await startInfra({ ownPostgres: true });
    const own = mkdtempSync(join(tmpdir(), 'erato-launcher-'));
    try {
      const started = await launch({
        ERATO_DATA_DIR: own,
        DATABASE_URL: infra.postgresUrl,
        NATS_URL: infra.nats('admin').url,
        ...Object.fromEntries(
          (['admin', 'gateway', 'identity', 'authz', 'content'] as const).map((name) => [
            `NATS_PASSWORD_${name.toUpperCase()}`,
            infra.nats(name).password,
          ]),
        ),
      });
      expect(Object.keys(pidsOf(started))).toEqual(['workos', 'identity', 'authz', 'content', 'gateway']);
      const { rows } = await withClient(infra.postgresUrl, (client) =>
        client.query("select datname from pg_database where datname like 'erato_%' order by 1"),
      );
      expect(rows).toEqual(['authz', 'content', 'identity'].map((name) => ({ datname: `erato_${name}` })));
    } finally {
      running.at(-1)?.kill('SIGTERM');
      await until(() => running.at(-1)?.exitCode === 0, 15_000);
      await infra.close();
      rmSync(own, { recursive: true });
    }
  });

  it('takes the same inner ports again', async () => {
    const ports = readFileSync(join(folder, 'ports.json'), 'utf8');
    await launch();
    expect(readFileSync(join(folder, 'ports.json'), 'utf8')).toBe(ports);
  });

  it.each([
    [{ PORT: 'x' }, 'PORT must be'],
    [{ NODE_ENV: 'production' }, 'the stand-in for WorkOS does not start'],
    [{ ERATO_ADMIN_KEY: 'x' }, 'ERATO_ADMIN_KEY is no key'],
    [{ NATS_SERVER_BIN: '/nowhere/nats-server' }, 'NATS_SERVER_BIN: there is no /nowhere/nats-server'],
    [{ DATABASE_URL: 'postgres://u:secret@127.0.0.1:1/x' }, 'ECONNREFUSED'],
    [{ NATS_URL: 'nats://127.0.0.1:1' }, 'NATS at nats://127.0.0.1:1 does not let in'],
  ])('with %j says what is wrong and leaves nothing running', async (env, words) => {
    const { outcome, lines, child } = await launch(env);
    expect(outcome).toContain(words);
    expect(lines.join('\n')).not.toContain('secret');
    expect(await until(() => child.exitCode === 1, 15_000)).toBe(true);
  });
});

/** The address of the embedded Postgres for its superuser, from what the launcher keeps. */
function adminOf(data: string): string {
  const secrets = JSON.parse(readFileSync(join(data, 'secrets.json'), 'utf8')) as {
    postgres: { postgres: string };
  };
  const ports = JSON.parse(readFileSync(join(data, 'ports.json'), 'utf8')) as { postgres: number };
  return `postgres://postgres:${secrets.postgres.postgres}@127.0.0.1:${ports.postgres}/postgres`;
}
