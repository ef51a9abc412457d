import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { jetstream } from '@nats-io/jetstream';
import { Client } from 'pg';
import type { AnyCall } from '@erato/contracts/kit/call';
import type { CloudEvent, EventType } from '@erato/contracts/kit/event';
import { contentObjects } from '@erato/contracts/authz/describe';
import { decisions, type CheckDecisions } from '@erato/contracts/authz/decision';
import {
  ownership,
  type OwnerRef,
  type OwnersOf,
  type WorkspaceName,
} from '@erato/contracts/content/ownership';
import { makeKey } from '@erato/contracts/identity/key-format';
import { organizations, type Organization } from '@erato/contracts/identity/organization';
import { members } from '@erato/contracts/identity/member';
import { users, type CreateUser, type User } from '@erato/contracts/identity/user';
import type { RunningService } from '@erato/platform/service/run';
import { outboxRow } from '@erato/platform/events/outbox';
import {
  anAdministrator,
  asService,
  asServices,
  aUser,
  TestGateway,
  type TestCaller,
} from '@erato/testing/client';
import { answerCalls } from '@erato/testing/answer-calls';
import { startInfra, type Infra } from '@erato/testing/infra';
import { startTestService } from '@erato/testing/service';
import { settle } from '@erato/testing/settle';
import { startWorkos, type RunningWorkos } from '@erato/tools/workos/server';
import { readIdentityConfig } from '../src/config.js';
import { identityService } from '../src/identity.service.js';

const apiKey = 'sk_test_identity';
const clientId = 'client_identity';
export const webhookSecret = 'whsec_identity';

/** What content and authz would answer: who owns which workspaces, and who may `admin` which. */
export interface Neighbours {
  readonly workspaces: Map<string, { owner: OwnerRef; name: WorkspaceName }>;
  /** `<subject type>:<subject id> <workspace id>` */
  readonly admins: Set<string>;
  away: boolean;
}

/** The identity service on real Postgres, NATS and the WorkOS stand-in; its neighbours answer by their contracts. */
export class IdentityUnderTest {
  readonly neighbours: Neighbours = { workspaces: new Map(), admins: new Set(), away: false };
  readonly events: CloudEvent<Record<string, unknown>>[] = [];
  readonly administrator: TestCaller;
  #service: Awaited<ReturnType<typeof startTestService>> | undefined;
  #made = 0;

  readonly infra: Infra;
  readonly workos: RunningWorkos;
  readonly gateway: TestGateway;
  /** Makes the calls that only services make. */
  readonly services: ReturnType<typeof asServices>;
  readonly adminKey: string;
  readonly #env: Readonly<Record<string, string>>;
  readonly #closing: (() => Promise<void>)[] = [];

  private constructor(
    parts: Pick<IdentityUnderTest, 'infra' | 'workos' | 'gateway' | 'services' | 'adminKey'>,
    env: Readonly<Record<string, string>>,
  ) {
    this.infra = parts.infra;
    this.workos = parts.workos;
    this.gateway = parts.gateway;
    this.services = parts.services;
    this.adminKey = parts.adminKey;
    this.#env = env;
    this.administrator = parts.gateway.as(anAdministrator);
  }

  static async start(env: Readonly<Record<string, string>> = {}): Promise<IdentityUnderTest> {
    const infra = await startInfra();
    const workos = await startWorkos({ apiKey, clientId });
    const adminKey = makeKey();
    const keyFile = join(mkdtempSync(join(tmpdir(), 'erato-identity-')), 'admin-key');
    writeFileSync(keyFile, `${adminKey}\n`);
    const gateway = await TestGateway.open(infra);
    const services = asServices(infra);
    const identity = new IdentityUnderTest(
      { infra, workos, gateway, services, adminKey },
      {
        WORKOS_API_KEY: apiKey,
        WORKOS_CLIENT_ID: clientId,
        WORKOS_API_URL: workos.url,
        WORKOS_WEBHOOK_SECRET: webhookSecret,
        ERATO_PASSWORD_GRANT: 'on',
        ERATO_REDIRECT_URIS: 'http://127.0.0.1:3000/callback',
        ERATO_ADMIN_ROLE: 'operator',
        ERATO_ADMIN_KEY_FILE: keyFile,
        ...env,
      },
    );
    await identity.#neighbour();
    await identity.#hear();
    await identity.boot();
    await settle(
      async () => (await identity.sql('SELECT 1 FROM sync_runs WHERE finished_at IS NOT NULL')).length,
    );
    return identity;
  }

  /** Starts the service, on its database; resolves when it is ready. */
  async boot(env: Readonly<Record<string, string>> = {}): Promise<void> {
    const config = readIdentityConfig({ ...this.#env, ...env });
    this.#service = await startTestService(this.infra, identityService(config), this.#service?.databaseUrl);
    const { healthPort } = this.#running;
    await settle(async () => (await fetch(`http://127.0.0.1:${healthPort}/health/ready`)).ok);
  }

  /** Starts another one beside it, on the same database; to be closed by the test. */
  replica(): Promise<RunningService> {
    const config = readIdentityConfig(this.#env);
    return startTestService(this.infra, identityService(config), this.#running.databaseUrl);
  }

  get #running() {
    if (!this.#service) throw new Error('the service was not started');
    return this.#service;
  }

  stop(): Promise<void> {
    return this.#running.close();
  }

  as(user: string | { id: string }): TestCaller {
    return this.gateway.as(aUser(typeof user === 'string' ? user : user.id));
  }

  /** Statements on the service's database, for what a test must break or look at from outside. */
  async sql(text: string, values: unknown[] = []): Promise<Record<string, unknown>[]> {
    const client = new Client({ connectionString: this.#running.databaseUrl });
    await client.connect();
    try {
      return (await client.query<Record<string, unknown>>(text, values)).rows;
    } finally {
      await client.end();
    }
  }

  /** Runs work while writes to a table fail in Postgres itself. */
  async whileUnwritable(table: string, work: () => Promise<void>): Promise<void> {
    await this.sql(`
      CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE 'out of order'; END $$;
      CREATE TRIGGER refuse BEFORE INSERT OR UPDATE OR DELETE ON ${table} FOR EACH ROW EXECUTE FUNCTION refuse()`);
    try {
      await work();
    } finally {
      await this.sql(`DROP TRIGGER refuse ON ${table}; DROP FUNCTION refuse()`);
    }
  }

  /** Wakes the sync, and waits until it has read all that WorkOS has to tell. */
  async synced(): Promise<void> {
    const { data } = await this.atWorkos<{ data: { id: string }[] }>('GET', '/events?limit=1&order=desc');
    const newest = data[0]?.id;
    await this.wake();
    await settle(async () => {
      const [row] = await this.sql('SELECT event_id FROM workos_cursor');
      // NOTE: what is read can make more happen; ids of events sort as they came.
      if (newest === undefined || (row?.['event_id'] as string) >= newest) return true;
      await this.wake();
      return false;
    });
  }

  async wake(): Promise<void> {
    const admin = await this.#admin();
    admin.publish('wake.identity.sync');
    await admin.flush();
  }

  /** Asks the stand-in as the SDK would, for what happens at WorkOS without Erato. */
  async atWorkos<T>(method: string, path: string, body?: object): Promise<T> {
    const answer = await fetch(`${this.workos.url}${path}`, {
      method,
      headers: { authorization: `Bearer ${apiKey}`, 'content-type': 'application/json' },
      ...(body ? { body: JSON.stringify(body) } : {}),
    });
    const text = await answer.text();
    if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${text}`);
    return (text.startsWith('{') ? JSON.parse(text) : undefined) as T;
  }

  /** The events of a name, as they were published; waits until there are so many. */
  async heard(name: string, about: string, many = 1): Promise<CloudEvent<Record<string, unknown>>[]> {
    return settle(() => {
      const found = this.events.filter(
        ({ type, data, subject }) =>
          type === name && (subject === about || Object.values(data).includes(about)),
      );
      return found.length >= many ? found : null;
    });
  }

  /** States an event as another service's relay does. */
  async tell<T>(service: string, event: EventType<T>, about: string, data: T): Promise<void> {
    const context = {
      actor: `service:${service}`,
      requestId: crypto.randomUUID(),
      deadline: Date.now() + 5_000,
    };
    const row = outboxRow(event, about, data, context);
    await jetstream(await this.#admin()).publish(row.subject, row.body, { msgID: row.id });
  }

  /** A user made by an administrator, full view. */
  async aUser(given: Partial<CreateUser> = {}): Promise<User> {
    const email = `person${++this.#made}-${Date.now()}@people.example`;
    return this.administrator.call(users.create, { email, ...given });
  }

  async anOrganization(admin: { id: string }, name = 'Northern Lights'): Promise<Organization> {
    return this.as(admin).call(organizations.create, { name: `${name} ${++this.#made}` });
  }

  async aMember(organization: { id: string }, admin: { id: string }, role = 'member'): Promise<User> {
    const user = await this.aUser();
    await this.as(admin).call(members.add, { id: organization.id, userId: user.id, role });
    return user;
  }

  async close(): Promise<void> {
    await this.#running.close();
    for (const close of this.#closing.reverse()) await close();
    await this.services.close();
    await this.gateway.close();
    await this.workos.close();
    await this.infra.close();
  }

  #adminBus: Awaited<ReturnType<typeof asService>>['bus'] | undefined;
  async #admin() {
    if (!this.#adminBus) {
      const { Bus } = await import('@erato/platform/transport/bus');
      const bus = await Bus.open({ ...this.infra.nats('admin'), name: 'test admin' });
      this.#adminBus = bus;
      this.#closing.push(() => bus.close());
    }
    return this.#adminBus.connection;
  }

  async #hear(): Promise<void> {
    const connection = await this.#admin();
    connection.subscribe('event.identity.>', {
      callback: (error, message) => {
        if (!error) this.events.push(message.json());
      },
    });
    await connection.flush();
  }

  async #neighbour(): Promise<void> {
    const connection = await this.#admin();
    const { workspaces, admins } = this.neighbours;
    const answer = <I>(call: AnyCall, reply: (input: I) => unknown): void => {
      answerCalls(connection, call.subject, (asked) => {
        if (!this.neighbours.away) asked.answer({ data: reply(asked.input as I) });
      });
    };
    const ownedBy = (owners: readonly OwnerRef[]) =>
      [...workspaces.values()].filter(({ owner }) =>
        owners.some(({ type, id }) => type === owner.type && id === owner.id),
      );
    answer<OwnerRef>(ownership.count, (owner) => ({ workspaces: ownedBy([owner]).length, resources: 0 }));
    answer<OwnersOf>(ownership.workspaces, ({ owners }) => ownedBy(owners).map(({ name }) => name));
    answer<{ objects: { id: string }[] }>(contentObjects.describe, ({ objects }) =>
      objects.flatMap(({ id }) => {
        const found = workspaces.get(id);
        if (!found) return [];
        const { owner } = found;
        const facts = { parents: [], everyone: ['read'], readAs: 'read', version: 1 };
        return [{ type: 'workspace', id, ownerType: owner.type, ownerId: owner.id, ...facts }];
      }),
    );
    answer<CheckDecisions>(decisions.check, ({ subject, checks }) => ({
      revision: 1,
      results: checks.map(({ object }) => {
        const there = workspaces.has(object.id);
        const named = admins.has(`${subject.subjectType}:${subject.subjectId} ${object.id}`);
        return { allowed: there && (named || subject.scopes.includes('admin')), readable: there };
      }),
    }));
    await connection.flush();
  }
}
