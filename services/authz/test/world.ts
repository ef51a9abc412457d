import { contentObjects, identityObjects } from '@erato/contracts/authz/describe';
import type { ObjectDescription } from '@erato/contracts/authz/object-description';
import { type NewPermission, permissions } from '@erato/contracts/authz/permission';
import { principals, type UserPrincipals } from '@erato/contracts/identity/principal';
import type { RunningService } from '@erato/platform/service/run';
import { aUser, anAdministrator, asService, TestGateway } from '@erato/testing/client';
import { type Infra, startInfra } from '@erato/testing/infra';
import { startTestService } from '@erato/testing/service';
import { authz } from '../src/service.js';
import { Peer } from './peer.js';

/** A subject that the peer identity knows. */
interface Somebody {
  type: 'user' | 'team' | 'organization';
  id: string;
  organizationId?: string;
  home?: boolean;
}

/** The service authz on real Postgres and NATS, with identity and content as peers that know what the test says. */
export class World {
  readonly objects = new Map<string, ObjectDescription>();
  readonly subjects = new Map<string, Somebody>();
  readonly memberships = new Map<string, UserPrincipals>();

  private constructor(
    readonly infra: Infra,
    public service: RunningService & { databaseUrl: string },
    readonly gateway: TestGateway,
    readonly identity: Peer,
    readonly content: Peer,
  ) {}

  static async start(): Promise<World> {
    const infra = await startInfra();
    const [identity, content] = await Promise.all([
      Peer.open(infra, 'identity'),
      Peer.open(infra, 'content'),
    ]);
    const service = await startTestService(infra, authz);
    const world = new World(infra, service, await TestGateway.open(infra), identity, content);
    world.answer();
    return world;
  }

  /** Lets the peers answer with what the world knows. */
  answer(): void {
    const describe = ({ objects }: { objects: readonly { type: string; id: string }[] }) =>
      objects.flatMap(({ type, id }) => this.objects.get(`${type}:${id}`) ?? []);
    this.identity.answer(identityObjects.describe, describe);
    this.content.answer(contentObjects.describe, describe);
    this.identity.answer(principals.fetch, ({ userIds }) =>
      userIds.flatMap((id) => {
        if (!this.subjects.has(`user:${id}`)) return [];
        return this.memberships.get(id) ?? { userId: id, organizations: [], teamIds: [] };
      }),
    );
    this.identity.answer(principals.find, ({ subjects }) =>
      subjects.flatMap(({ type, id }) => {
        const found = this.subjects.get(`${type}:${id}`);
        return found
          ? { type, id, organizationId: found.organizationId ?? '', home: found.home ?? false }
          : [];
      }),
    );
  }

  /** A user that exists, with the memberships that identity has for him. */
  user(name: string, parts: Partial<Omit<UserPrincipals, 'userId'>> = {}) {
    const id = `user_${name}`;
    this.subjects.set(`user:${id}`, { type: 'user', id });
    this.memberships.set(id, { userId: id, organizations: [], teamIds: [], ...parts });
    return aUser(id);
  }

  /** What identity has of a user; to be changed by the test. */
  partsOf(userId: string): UserPrincipals {
    const parts = this.memberships.get(userId);
    if (!parts) throw new Error(`${userId} was not made`);
    return parts;
  }

  team(id: string, organizationId: string): string {
    this.subjects.set(`team:${id}`, { type: 'team', id, organizationId });
    return id;
  }

  organization(id: string): string {
    this.subjects.set(`organization:${id}`, { type: 'organization', id });
    this.objects.set(`organization:${id}`, aDescription('organization', id, null));
    return id;
  }

  /** A workspace that content knows, private unless said otherwise. */
  workspace(id: string, owner: Owner, more: Partial<ObjectDescription> = {}) {
    this.objects.set(`workspace:${id}`, aDescription('workspace', id, owner, more));
    return { type: 'workspace', id };
  }

  /** A resource by author workspaces. */
  resource(id: string, owner: Owner, authors: readonly string[], more: Partial<ObjectDescription> = {}) {
    const parents = authors.map((each) => ({ type: 'workspace', id: each }));
    this.objects.set(`resource:${id}`, aDescription('resource', id, owner, { parents, ...more }));
    return { type: 'resource', id };
  }

  /** Sets a permission as an administrator. */
  async permit(row: Omit<NewPermission, 'expiresAt'>): Promise<void> {
    await this.gateway.as(anAdministrator).call(permissions.set, { permissions: [row] });
  }

  asService(name: 'content' | 'identity') {
    return asService(this.infra, name);
  }

  async close(): Promise<void> {
    await this.service.close();
    await Promise.all([this.gateway.close(), this.identity.close(), this.content.close()]);
    await this.infra.close();
  }
}

type Owner = { user: string } | { organization: string };

/** A description as an owning service states it. */
export function aDescription(
  type: string,
  id: string,
  owner: Owner | null,
  more: Partial<ObjectDescription> = {},
): ObjectDescription {
  return {
    type,
    id,
    parents: [],
    ownerType: owner && ('user' in owner ? 'user' : 'organization'),
    ownerId: owner && ('user' in owner ? owner.user : owner.organization),
    everyone: [],
    readAs: 'read',
    version: 1,
    ...more,
  };
}
