import { identityObjects } from '@erato/contracts/authz/describe';
import { permissions, type NewPermission } from '@erato/contracts/authz/permission';
import { workspaces, type CreateWorkspace, type Workspace } from '@erato/contracts/content/workspace';
import { resources, type CreateResource, type Resource } from '@erato/contracts/content/resource';
import { userDeleted } from '@erato/contracts/identity/events';
import { principals, type UserPrincipals } from '@erato/contracts/identity/principal';
import { profiles, type PublicName } from '@erato/contracts/identity/profile';
import type { Input } from '@erato/contracts/kit/call';
import type { CloudEvent, EventType } from '@erato/contracts/kit/event';
import type { Caller } from '@erato/contracts/kit/context';
import type { RunningService } from '@erato/platform/service/run';
import { aUser, anAdministrator, TestGateway, type CallOptions } from '@erato/testing/client';
import { Bus } from '@erato/platform/transport/bus';
import { startInfra, type Infra } from '@erato/testing/infra';
import { startTestService } from '@erato/testing/service';
import pg from 'pg';
import { authz } from '../../authz/src/service.js';
import { Peer } from '../../authz/test/peer.js';
import { contentService } from '../src/service.js';

/** Content and authz, the real ones, on real Postgres and NATS; identity is a peer that knows what the test says. */
export class World {
  readonly users = new Map<string, UserPrincipals>();
  readonly organizations = new Set<string>();
  /** Those of the users who have a handle. */
  readonly names = new Map<string, Omit<PublicName, 'userId'>>();
  /** The events of content, as they were published. */
  readonly events: CloudEvent<Record<string, unknown>>[] = [];

  readonly #listeners: Bus[] = [];

  private constructor(
    readonly infra: Infra,
    readonly gateway: TestGateway,
    readonly identity: Peer,
    private authz: RunningService,
    public content: RunningService & { databaseUrl: string },
    readonly database: pg.Pool,
  ) {}

  static async start(): Promise<World> {
    const infra = await startInfra();
    const identity = await Peer.open(infra, 'identity');
    const rights = await startTestService(infra, authz);
    const content = await startTestService(infra, contentService);
    const gateway = await TestGateway.open(infra);
    const database = new pg.Pool({ connectionString: content.databaseUrl, max: 3 });
    const world = new World(infra, gateway, identity, rights, content, database);
    world.#answer();
    await world.#listen();
    return world;
  }

  async #listen(): Promise<void> {
    const listener = await Bus.open({ ...this.infra.nats('admin'), name: 'test listener' });
    this.#listeners.push(listener);
    listener.connection.subscribe('event.content.>', {
      callback: (error, message) => {
        if (!error) this.events.push(message.json());
      },
    });
    await listener.connection.flush();
  }

  /** What an event of this name said about an object, as often as it was published so far. */
  heard<T>({ name }: EventType<T>, about: string): T[] {
    return this.events
      .filter(({ type, subject }) => type === name && subject === about)
      .map(({ data }) => data as T);
  }

  #answer(): void {
    this.identity.answer(identityObjects.describe, ({ objects }) =>
      objects
        .filter(({ type, id }) => type === 'organization' && this.organizations.has(id))
        .map((ref) => ({
          ...ref,
          parents: [],
          ownerType: null,
          ownerId: null,
          everyone: [],
          readAs: 'read' as const,
          version: 1,
        })),
    );
    this.identity.answer(principals.fetch, ({ userIds }) =>
      userIds.flatMap((id) => this.users.get(id) ?? []),
    );
    this.identity.answer(profiles.find, ({ userIds }) =>
      userIds.flatMap((userId) => {
        const name = this.names.get(userId);
        return name ? [{ userId, ...name }] : [];
      }),
    );
    this.identity.answer(principals.find, ({ subjects }) =>
      subjects
        .filter(({ type, id }) => (type === 'user' ? this.users.has(id) : true))
        .map(({ type, id }) => ({
          type,
          id,
          organizationId: type === 'team' ? 'org_label' : '',
          home: false,
        })),
    );
  }

  /** A user that exists, with what he is a part of; he has all scopes but `admin`. */
  user(name: string, parts: Partial<Omit<UserPrincipals, 'userId'>> = {}): Caller {
    const id = `user_${name}`;
    this.users.set(id, { userId: id, organizations: [], teamIds: [], ...parts });
    return aUser(id);
  }

  organization(id: string): string {
    this.organizations.add(id);
    return id;
  }

  as(caller?: Caller) {
    return this.gateway.as(caller);
  }

  /** Sets a permission as an administrator, and gives the revision from which it holds. */
  async permit(row: Omit<NewPermission, 'expiresAt'>): Promise<number> {
    const set = await this.gateway.as(anAdministrator).call(permissions.set, { permissions: [row] });
    return set.revision;
  }

  aWorkspace(caller: Caller, more: Partial<CreateWorkspace> = {}, options?: CallOptions): Promise<Workspace> {
    return this.as(caller).call(workspaces.create, { name: 'Night Ferry', ...more }, options);
  }

  /** A post that is listed and published, unless said otherwise. */
  aPost(caller: Caller, more: Partial<CreateResource> = {}, options?: CallOptions): Promise<Resource> {
    const post = {
      type: 'post' as const,
      title: 'On tour',
      status: 'LISTED' as const,
      post: { body: 'We are **on tour**.' },
    };
    return this.as(caller).call(resources.create, { ...post, ...more }, options);
  }

  /** The titles that a list of resources shows. */
  async titles(caller?: Caller, input: Input<typeof resources.list> = {}, options?: CallOptions) {
    const page = await this.as(caller).call(resources.list, { limit: 100, ...input }, options);
    return page.data.map(({ title, excerpt }) => title ?? excerpt);
  }

  deleted(userId: string): Promise<void> {
    return this.identity.emit(userDeleted, userId, { userId, version: 2 });
  }

  async restartContent(): Promise<void> {
    const { databaseUrl } = this.content;
    await this.content.close();
    this.content = await startTestService(this.infra, contentService, databaseUrl);
  }

  async close(): Promise<void> {
    await this.database.end();
    await this.content.close();
    await this.authz.close();
    await Promise.all([
      this.gateway.close(),
      this.identity.close(),
      ...this.#listeners.map((bus) => bus.close()),
    ]);
    await this.infra.close();
  }
}
