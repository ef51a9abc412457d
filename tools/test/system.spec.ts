import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startSystem, type TestSystem } from '@erato/testing/system';

const fixture = fileURLToPath(new URL('./fixture-service.mjs', import.meta.url));

interface Seen {
  env: Record<string, string>;
  argv: string[];
  pid: number;
}

let system: TestSystem;
beforeAll(async () => {
  system = await startSystem({ script: () => fixture, env: { ERATO_RATE_KEY: '500', STRAY_SECRET: 'x' } });
}, 120_000);
afterAll(() => system.stop());

const look = async (url: string): Promise<Seen> => (await (await fetch(`${url}/env`)).json()) as Seen;
const behind = ['identity', 'authz', 'content'] as const;

describe('the launcher', () => {
  it('starts every service as a process of its own', () => {
    const pids = ['gateway', ...behind, 'nats', 'postgres', 'workos'].map((name) =>
      system.pid(name as Parameters<typeof system.pid>[0]),
    );
    expect(new Set(pids).size).toBe(7);
    expect(pids).not.toContain(undefined);
  });

  it('gives the gateway what it needs and no secret of others', async () => {
    const { env, argv } = await look(system.url);
    expect(env).toMatchObject({
      ERATO_SERVICE: 'gateway',
      NATS_USER: 'gateway',
      ERATO_RATE_KEY: '500',
      WORKOS_CLIENT_ID: 'client_erato_local',
    });
    expect(env['ERATO_CALLER_MASTER_KEY']).toMatch(/^[0-9a-f]{64}$/);
    for (const name of [
      'DATABASE_URL',
      'WORKOS_API_KEY',
      'ERATO_CALLER_KEY',
      'ERATO_ADMIN_KEY_FILE',
      'STRAY_SECRET',
    ]) {
      expect(env).not.toHaveProperty(name);
    }
    expect(argv.join(' ')).not.toContain(env['NATS_PASSWORD']);
  });

  it('gives each service its own database and key', async () => {
    const ports = (await look(system.url)).env;
    const seen = new Map<string, Record<string, string>>();
    expect(ports['ERATO_HEALTH_PORT']).toBeDefined();
    for (const name of behind) seen.set(name, (await look(system.healthUrl(name))).env);
    expect(new Set([...seen.values()].map((env) => env['ERATO_CALLER_KEY'])).size).toBe(3);
    for (const [name, env] of seen) {
      expect(new URL(env['DATABASE_URL'] ?? '')).toMatchObject({
        username: `erato_${name}`,
        pathname: `/erato_${name}`,
      });
      expect(env).not.toHaveProperty('ERATO_CALLER_MASTER_KEY');
    }
    expect(seen.get('identity')).toMatchObject({ ERATO_PASSWORD_GRANT: 'on' });
    expect(seen.get('authz')).not.toHaveProperty('WORKOS_API_KEY');
  });

  it.each(['identity', 'nats', 'postgres', 'workos'] as const)(
    'starts %s again when it is killed',
    async (name) => {
      const before = system.pid(name);
      await system.kill(name);
      expect(system.pid(name)).toBeDefined();
      expect(system.pid(name)).not.toBe(before);
    },
  );

  it('starts a service again that ends by itself, and keeps what it said', async () => {
    const before = system.pid('content');
    const back = system.nextReady('content');
    await fetch(`${system.healthUrl('content')}/crash`).catch(() => undefined);
    await back;
    expect(system.pid('content')).not.toBe(before);
    expect(system.log('content')).toContain('the fixture was told to crash');
  });
});
