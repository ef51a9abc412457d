import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { jetstream, jetstreamManager } from '@nats-io/jetstream';
import { headers, type NatsConnection } from '@nats-io/transport-node';
import { afterAll, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { startInfra, type Infra } from '@erato/testing/infra';
import { containerConfig } from '@erato/tools/commands/nats-config';
import { databaseServices } from '@erato/tools/launch/secrets';
import { connectAsAdmin, provisionStreams } from '@erato/tools/nats/streams';
import { withClient } from '@erato/tools/postgres/connect';
import { provisionDatabases, serviceUrl } from '@erato/tools/postgres/databases';

// Each case runs the command a few times as a process of its own: a limit for what hangs, on a machine that does much else.
jest.setTimeout(180_000);

const script = fileURLToPath(new URL('../dist/erato.js', import.meta.url));
let infra: Infra;
let admin: NatsConnection;
let env: Record<string, string>;

beforeAll(async () => {
  infra = await startInfra({ ownPostgres: true });
  const login = infra.nats('admin');
  admin = await connectAsAdmin(login);
  env = {
    PATH: process.env['PATH'] ?? '',
    HOME: process.env['HOME'] ?? '',
    ERATO_DATA_DIR: '/nonexistent',
    NATS_URL: login.url,
    NATS_PASSWORD_ADMIN: login.password,
    DATABASE_URL: infra.postgresUrl,
    ...Object.fromEntries(
      databaseServices.map((name) => [`DATABASE_PASSWORD_${name.toUpperCase()}`, `pw-${name}`]),
    ),
  };
});
afterAll(async () => {
  await admin.close();
  await infra.close();
});

/** Runs the command as a user does. */
async function erato(
  args: string[],
  more: Record<string, string> = {},
): Promise<{ code: number; out: string }> {
  try {
    const { stdout } = await promisify(execFile)(process.execPath, [script, ...args], {
      env: { ...env, ...more },
    });
    return { code: 0, out: stdout };
  } catch (error) {
    const { code, stdout, stderr } = error as { code: number; stdout: string; stderr: string };
    return { code, out: stdout + stderr };
  }
}

const url = (service: string): string =>
  serviceUrl(infra.postgresUrl, {
    database: `erato_${service}`,
    role: `erato_${service}`,
    password: `pw-${service}`,
  });

describe('erato provision', () => {
  it('makes databases and streams, and may run again and at the same time', async () => {
    const runs = await Promise.all([erato(['provision']), erato(['provision'])]);
    runs.push(await erato(['provision']));
    for (const { code, out } of runs)
      expect([code, out]).toEqual([0, expect.stringContaining('erato_identity')]);
    for (const service of databaseServices) {
      const { rows } = await withClient(url(service), (client) =>
        client.query(
          'select current_user as me, pg_get_userbyid(datdba) as owner, datcollate as collation, pg_encoding_to_char(encoding) as encoding from pg_database where datname = current_database()',
        ),
      );
      expect(rows).toEqual([
        { me: `erato_${service}`, owner: `erato_${service}`, collation: 'C', encoding: 'UTF8' },
      ]);
    }
  });

  it('does so however many are at it at once', async () => {
    const names = ['erato_race_1', 'erato_race_2'];
    const wanted = names.map((name) => ({ database: name, role: name, password: name }));
    for (let round = 0; round < 5; round++) {
      const all = Array.from({ length: 8 }, () => provisionDatabases(infra.postgresUrl, wanted));
      await expect(Promise.all(all)).resolves.toHaveLength(8);
    }
  });

  it('lets no service into the database of another', async () => {
    const intruder = new URL(url('content'));
    intruder.pathname = '/erato_identity';
    await expect(withClient(intruder.toString(), (client) => client.query('select 1'))).rejects.toThrow(
      'permission denied for database',
    );
  });

  it('brings changed settings of a stream back', async () => {
    const manager = await jetstreamManager(admin);
    await manager.streams.update('EVENTS', { max_age: 600_000_000_000 });
    await provisionStreams(admin);
    const { config } = await manager.streams.info('EVENTS');
    expect(config).toMatchObject({
      subjects: ['event.>'],
      max_age: 30 * 24 * 3600 * 1e9,
      duplicate_window: 120 * 1e9,
      storage: 'file',
      retention: 'limits',
      num_replicas: 1,
    });
    expect((await manager.streams.info('DEAD')).config.subjects).toEqual(['dead.>']);
    expect((await manager.streams.info('KV_idempotency')).config).toMatchObject({
      max_age: 24 * 3600 * 1e9,
      max_msgs_per_subject: 1,
    });
  });

  it('asks for the passwords that nobody would know otherwise', async () => {
    const { code, out } = await erato(['provision'], { DATABASE_PASSWORD_AUTHZ: '' });
    expect([code, out]).toEqual([1, expect.stringContaining('set DATABASE_PASSWORD_AUTHZ')]);
  });
});

describe('erato migrate', () => {
  it('brings every database to the newest migration', async () => {
    const { code, out } = await erato(['migrate']);
    expect([code, out]).toEqual([0, expect.stringContaining('migrated: content')]);
    for (const service of databaseServices) {
      const { rows } = await withClient(url(service), (client) =>
        client.query<{ found: string }>("select to_regclass('outbox')::text as found"),
      );
      expect(rows).toEqual([{ found: 'outbox' }]);
    }
  });

  it('knows its services', async () => {
    const { code, out } = await erato(['migrate', 'gateway']);
    expect([code, out]).toEqual([1, expect.stringContaining('gateway: no such')]);
  });
});

describe('erato events dead', () => {
  const event = {
    specversion: '1.0',
    id: '0197a000-0000-7000-8000-000000000001',
    data: { name: 'a “quoted” name' },
  };
  async function bury(number: number, service = 'content'): Promise<number> {
    const about = headers();
    about.set('Erato-Subject', 'event.identity.user.changed');
    about.set('Erato-Consumer', `${service}-identity`);
    about.set('Erato-Tries', '8');
    about.set('Erato-Error', 'error');
    const body = JSON.stringify({ ...event, id: event.id.replace(/1$/, String(number)) });
    return (await jetstream(admin).publish(`dead.${service}.identity.user.changed`, body, { headers: about }))
      .seq;
  }
  beforeEach(async () => {
    const manager = await jetstreamManager(admin);
    await manager.streams.purge('DEAD');
    await manager.streams.purge('EVENTS');
  });

  it('lists what consumers gave up on', async () => {
    expect((await erato(['events', 'dead', 'list'])).out).toBe('no dead letters\n');
    const [first, second] = [await bury(1), await bury(2, 'authz')];
    const { out } = await erato(['events', 'dead', 'list']);
    expect(out).toContain('content-identity');
    expect(out).toContain('event.identity.user.changed');
    const lines = (await erato(['events', 'dead', 'list', '--json'])).out.trim().split('\n');
    expect(lines.map((line) => (JSON.parse(line) as { seq: number }).seq)).toEqual([first, second]);
    const ofAuthz = (await erato(['events', 'dead', 'list', '--service', 'authz', '--json'])).out;
    expect(JSON.parse(ofAuthz)).toMatchObject({
      seq: second,
      consumer: 'authz-identity',
      tries: 8,
      error: 'error',
    });
  });

  it('replays one where it had been, with the same body, and keeps the others', async () => {
    const [first, second] = [await bury(1), await bury(2)];
    const { code, out } = await erato(['events', 'dead', 'replay', String(first)]);
    expect([code, out]).toEqual([
      0,
      expect.stringContaining(`replayed ${first} event.identity.user.changed`),
    ]);
    const manager = await jetstreamManager(admin);
    const again = await manager.streams.getMessage('EVENTS', { last_by_subj: 'event.identity.user.changed' });
    expect(again?.json()).toEqual(event);
    expect(again?.header.get('Nats-Msg-Id')).toMatch(/^replay:/);
    const left = (await erato(['events', 'dead', 'list', '--json'])).out;
    expect(JSON.parse(left)).toMatchObject({ seq: second });
  });

  it('replays and drops all', async () => {
    await bury(1);
    await bury(2);
    await erato(['events', 'dead', 'replay', '--all']);
    expect((await (await jetstreamManager(admin)).streams.info('EVENTS')).state.messages).toBe(2);
    await bury(3);
    await erato(['events', 'dead', 'drop', '--all']);
    expect((await erato(['events', 'dead', 'list'])).out).toBe('no dead letters\n');
    expect((await (await jetstreamManager(admin)).streams.info('EVENTS')).state.messages).toBe(2);
  });

  it.each([
    [['events'], 2, 'events knows'],
    [['events', 'dead', 'replay'], 2, 'takes numbers, or --all'],
    [['events', 'dead', 'drop', 'x'], 2, 'named by their numbers'],
    [['events', 'dead', 'replay', '77'], 1, 'there is no dead letter 77'],
    [['events', 'dead', 'list', '--nope'], 2, 'Usage:'],
    [['nonsense'], 2, 'there is no command nonsense'],
  ])('answers a wrong call %j', async (args, expected, words) => {
    const { code, out } = await erato(args);
    expect([code, out]).toEqual([expected, expect.stringContaining(words)]);
  });
});

describe('erato doctor', () => {
  it('names what is missing', async () => {
    const { code, out } = await erato(['doctor'], { PORT: '1' });
    expect(code).toBe(1);
    expect(out).toMatch(/ok +NATS \d/);
    expect(out).toMatch(/ok +stream EVENTS/);
    expect(out).toMatch(/FAIL +consumer authz-identity/);
    expect(out).toMatch(/ok +authz: 0 events wait in the outbox/);
    expect(out).toMatch(/FAIL +the API at http:\/\/127.0.0.1:1 does not answer/);
  });

  it('says so when nothing runs', async () => {
    const { code, out } = await erato(['doctor'], {
      NATS_URL: 'nats://127.0.0.1:1',
      DATABASE_URL: 'postgres://a:secret@127.0.0.1:1/x',
    });
    expect(code).toBe(1);
    expect(out).toMatch(/FAIL +NATS at nats:\/\/127.0.0.1:1 is not to be reached/);
    expect(out).toMatch(/FAIL +identity: Postgres at 127.0.0.1:1/);
    expect(out).not.toContain('secret');
  });
});

describe('erato nats-config', () => {
  it('is what deploy/nats.conf holds', async () => {
    const kept = readFileSync(new URL('../../deploy/nats.conf', import.meta.url), 'utf8');
    expect(kept).toBe(containerConfig());
    expect((await erato(['nats-config'])).out).toBe(kept);
  });
});
