import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { jetstream, jetstreamManager, DeliverPolicy } from '@nats-io/jetstream';
import { connect, type NatsConnection } from '@nats-io/transport-node';
import { Client } from 'pg';
import { v7 as uuidv7 } from 'uuid';
import type { Resource } from '@erato/contracts/content/resource';
import type { Organization } from '@erato/contracts/identity/organization';
import { settle } from '@erato/testing/settle';
import type { Fault } from '@erato/tools/workos/faults';
import { startSystem, type TestSystem } from '@erato/testing/system';
import { Api } from '../support/api.js';
import { aPerson, type Person } from '../support/people.js';
import { Workos } from '../support/workos.js';

/** What was acknowledged while something was broken. */
interface Acknowledged {
  readonly ids: string[];
  readonly faults: number[];
}

describe('outages', () => {
  let system: TestSystem;
  let workos: Workos;
  let admin: Api;
  let person: Person;
  let bus: NatsConnection;

  beforeAll(async () => {
    system = await startSystem({ env: { ERATO_RATE_KEY: '100000', ERATO_RATE_GUEST: '100000' } });
    workos = new Workos(system);
    admin = (await Api.of(system.url)).as(system.adminKey);
    person = await aPerson(admin, 'fault');
    const { url, user, password } = system.nats;
    bus = await connect({
      servers: url,
      user,
      pass: password,
      maxReconnectAttempts: -1,
      reconnectTimeWait: 100,
    });
  }, 120_000);

  afterAll(async () => {
    await bus.close();
    await system.stop();
  }, 60_000);

  /** Writes from four connections until told to stop; only what was answered 201 counts as acknowledged. */
  function load(): { stop(): Promise<Acknowledged> } {
    const acknowledged: Acknowledged = { ids: [], faults: [] };
    let running = true;
    const writer = async (): Promise<void> => {
      while (running) {
        const body = { type: 'status', excerpt: uuidv7(), status: 'LISTED' };
        try {
          const made = await person.api.post<Resource>('/v1/resources', body);
          if (made.status === 201) acknowledged.ids.push(made.body.data.id);
          else acknowledged.faults.push(made.status);
        } catch (error) {
          if (!(error instanceof TypeError)) throw error;
          acknowledged.faults.push(0);
        }
        if (acknowledged.faults.length > 0) await new Promise((resolve) => setTimeout(resolve, 5));
      }
    };
    const writers = [writer(), writer(), writer(), writer()];
    return {
      async stop() {
        running = false;
        await Promise.all(writers);
        return acknowledged;
      },
    };
  }

  /** How often each resource was announced as made, or as published, by distinct event. */
  async function announced(
    ids: readonly string[],
    verb: 'created' | 'published' = 'created',
  ): Promise<Map<string, Set<string>>> {
    const found = new Map<string, Set<string>>(ids.map((id) => [id, new Set()]));
    const manager = await jetstreamManager(bus);
    const name = `fault-${uuidv7()}`;
    const filter = `event.content.resource.${verb}`;
    await manager.consumers.add('EVENTS', {
      durable_name: name,
      filter_subject: filter,
      deliver_policy: DeliverPolicy.All,
    });
    const consumer = await jetstream(bus).consumers.get('EVENTS', name);
    for (let pending = (await consumer.info()).num_pending; pending > 0;) {
      const messages = await consumer.fetch({ max_messages: Math.min(pending, 500), expires: 2_000 });
      for await (const message of messages) {
        const { id, subject } = message.json<{ id: string; subject: string }>();
        found.get(subject)?.add(id);
        message.ack();
        pending--;
      }
    }
    await manager.consumers.delete('EVENTS', name);
    return found;
  }

  async function nothingLost({ ids }: Acknowledged): Promise<void> {
    expect(ids.length).toBeGreaterThan(0);
    for (let at = 0; at < ids.length; at += 50) {
      const answers = await Promise.all(
        ids.slice(at, at + 50).map((id) => person.api.get(`/v1/resources/${id}`)),
      );
      expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 200));
    }
    await settle(
      async () => [...(await announced(ids)).values()].every((events) => events.size === 1),
      20_000,
    );
  }

  it('a service killed under load: no acknowledged write is lost, no event is lost or doubled', async () => {
    for (const service of ['content', 'authz', 'identity'] as const) {
      const writers = load();
      await new Promise((resolve) => setTimeout(resolve, 300));
      await system.kill(service);
      await settle(
        async () =>
          (await person.api.get('/v1/resources')).status === 200 &&
          (await admin.get('/v1/me')).status === 200,
        30_000,
      );
      await settle(
        async () =>
          (await person.api.post('/v1/resources', { type: 'status', excerpt: 'back' })).status === 201,
        30_000,
      );
      await nothingLost(await writers.stop());
    }
  }, 180_000);

  it('content killed when a publication is due: all of it is published, each once', async () => {
    const publishAt = new Date(Date.now() + 2_000).toISOString();
    const body = { type: 'song', title: 'Due', status: 'LISTED', publishAt, song: { duration: 1 } };
    const made = await Promise.all(
      Array.from({ length: 30 }, () => person.api.post<Resource>('/v1/resources', body)),
    );
    const ids = made.map((answer) => answer.body.data.id);
    await settle(() => Date.now() >= Date.parse(publishAt));
    await system.kill('content');
    const guest = await Api.of(system.url);
    for (const id of ids) {
      const shown = await settle(async () => {
        const answer = await guest.get<Resource>(`/v1/resources/${id}`);
        return answer.status === 200 ? answer.body.data : null;
      }, 30_000);
      expect(shown).toMatchObject({ version: 2, publishAt });
    }
    await settle(
      async () => [...(await announced(ids, 'published')).values()].every((events) => events.size === 1),
      20_000,
    );
  }, 90_000);

  it('the gateway killed: idempotency keys hold over its restart', async () => {
    const headers = { 'idempotency-key': `gateway-${uuidv7()}` };
    const body = { type: 'status', excerpt: 'once' };
    const first = await person.api.post<Resource>('/v1/resources', body, { headers });
    await system.kill('gateway');
    const again = await settle(async () => {
      const answer = await person.api.post<Resource>('/v1/resources', body, { headers }).catch(() => null);
      return answer?.status === 201 ? answer : null;
    }, 30_000);
    expect(again.body.data.id).toBe(first.body.data.id);
    expect(again.headers.get('idempotency-replayed')).toBe('true');
  }, 60_000);

  it('the gateway killed between a commit and the answer: a retry is answered, and nothing is made twice', async () => {
    const headers = { 'idempotency-key': `between-${uuidv7()}` };
    const body = { type: 'status', excerpt: uuidv7(), status: 'LISTED' };
    const content = new Client({ connectionString: system.databaseUrl('content') });
    await content.connect();
    // The write waits for this lock when its gateway dies, and commits after that.
    await content.query('BEGIN; LOCK TABLE resources IN EXCLUSIVE MODE');
    const lost = person.api.post<Resource>('/v1/resources', body, { headers }).catch(() => null);
    await settle(async () => {
      const { rows } = await content.query<{ n: number }>(
        `SELECT count(*)::int AS n FROM pg_locks WHERE NOT granted AND relation = 'resources'::regclass`,
      );
      return (rows[0]?.n ?? 0) > 0;
    });
    const back = system.nextReady('gateway');
    process.kill(system.pid('gateway') ?? 0, 'SIGKILL');
    expect(await lost).toBeNull();
    await content.query('COMMIT');
    const made = await settle(async () => {
      const { rows } = await content.query<{ id: string }>('SELECT id FROM resources WHERE excerpt = $1', [
        body.excerpt,
      ]);
      return rows[0]?.id;
    });
    await back;
    const again = await settle(async () => {
      const answer = await person.api.post<Resource>('/v1/resources', body, { headers }).catch(() => null);
      return answer?.status === 201 ? answer : null;
    }, 30_000);
    expect(again.body.data).toMatchObject({ id: made, excerpt: body.excerpt });
    expect(again.headers.get('location')).toBe(`/v1/resources/${made}`);
    const { rows } = await content.query('SELECT id FROM resources WHERE excerpt = $1', [body.excerpt]);
    expect(rows).toHaveLength(1);
    await content.end();
    expect([...(await announced([made])).values()].map((events) => events.size)).toEqual([1]);
  }, 90_000);

  it('NATS restarted under load: requests fail fast, then go on, and nothing is lost', async () => {
    const writers = load();
    await new Promise((resolve) => setTimeout(resolve, 300));
    await system.restartNats();
    await settle(
      async () =>
        (await person.api.post('/v1/resources', { type: 'status', excerpt: 'back' })).status === 201,
      30_000,
    );
    const acknowledged = await writers.stop();
    expect(acknowledged.faults.filter((status) => ![0, 502, 503, 504].includes(status))).toEqual([]);
    await nothingLost(acknowledged);
  }, 120_000);

  it('Postgres restarted under load: the same', async () => {
    const writers = load();
    await new Promise((resolve) => setTimeout(resolve, 300));
    await system.restartPostgres();
    await settle(
      async () =>
        (await person.api.post('/v1/resources', { type: 'status', excerpt: 'back' })).status === 201,
      60_000,
    );
    await nothingLost(await writers.stop());
  }, 180_000);

  describe('of WorkOS', () => {
    const path = '/organizations';

    afterAll(() => workos.clear());

    it.each([
      ['500', { kind: 'status', status: 500 }],
      ['429', { kind: 'status', status: 429 }],
      ['nothing', { kind: 'silence' }],
    ])(
      'answering %s: lists say 502, reads by id go on, nothing else breaks',
      async (_, fault) => {
        const made = await settle(async () => {
          const answer = await admin.post<Organization>('/v1/organizations', { name: `Fault ${uuidv7()}` });
          return answer.status === 201 ? answer.body.data : null;
        }, 60_000);
        await workos.fail({ ...fault, path } as Fault);
        const listed = await admin.get('/v1/organizations');
        expect([listed.status, listed.body.code]).toEqual([502, 'workos_unavailable']);
        expect((await admin.get(`/v1/organizations/${made.id}`)).status).toBe(200);
        expect((await person.api.get('/v1/resources')).status).toBe(200);
        await workos.clear();
        await settle(async () => (await admin.get('/v1/organizations')).status === 200, 60_000);
      },
      120_000,
    );
  });
});
