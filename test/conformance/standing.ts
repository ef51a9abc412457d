import { v7 as uuidv7 } from 'uuid';
import type { Organization } from '@erato/contracts/identity/organization';
import { settle } from '@erato/testing/settle';
import type { Api } from '../support/api.js';
import { aPerson, type Person } from '../support/people.js';
import { made } from '../support/polar-night.js';
import { routes, type Route } from './contract-routes.js';

/** An object that stands: who may change it, and what a request to it names, in its path and its body. */
interface Standing {
  readonly api: Api;
  readonly values: Readonly<Record<string, unknown>>;
}

type Maker = (world: World, route: Route) => Promise<Standing>;

/** The people of the cases, and an organization of the owner's. */
export interface World {
  readonly admin: Api;
  readonly owner: Person;
  readonly other: Person;
  readonly organizationId: string;
}

/** A request to a route that does what it is for. */
export interface Target {
  readonly api: Api;
  readonly path: string;
  readonly body: Readonly<Record<string, unknown>> | undefined;
  /** Fills another path of the same object. */
  readonly at: (template: string) => string;
}

export async function aWorld(admin: Api): Promise<World> {
  const [owner, other] = [await aPerson(admin, 'owner'), await aPerson(admin, 'other')];
  const { id } = await made<Organization>(owner.api, '/v1/organizations', { name: `Standing ${uuidv7()}` });
  return { admin, owner, other, organizationId: id };
}

const idOf = async (api: Api, path: string, body: object): Promise<string> =>
  (await made<{ id: string }>(api, path, body)).id;

const links = [{ url: 'https://a.example/1' }, { url: 'https://a.example/2' }];

async function aWorkspace({ owner }: World): Promise<string> {
  const id = await idOf(owner.api, '/v1/workspaces', { name: `Standing ${uuidv7()}` });
  await owner.api.put(`/v1/workspaces/${id}/links`, { links });
  return id;
}

/** A resource that is as its type's route needs it; a draft, which nobody else may read. */
const aResource = ({ owner }: World, type: string, part: object, more: object = {}): Promise<string> =>
  idOf(owner.api, '/v1/resources', {
    ...{ type, title: 'Standing', publishAt: null, links },
    ...{ [type === 'press-release' ? 'pressRelease' : type]: part, ...more },
  });

const aPost = (world: World, more: object = {}): Promise<string> =>
  aResource(world, 'post', { body: 'x' }, more);
const aSong = (world: World): Promise<string> => aResource(world, 'song', { duration: 1 });

const byOwner = (world: World, values: Standing['values']): Standing => ({ api: world.owner.api, values });

/** One of a type for each typed part: what the part's example sets is enough to make one. */
const aPart: Maker = async (world, { template }) => {
  const type = template.split('/').at(-1) ?? '';
  const { body } = routes.find((route) => route.method === 'PUT' && route.template === template) ?? {};
  return byOwner(world, { id: await aResource(world, type, body ?? {}) });
};

const aTrack: Maker = async (world, { method }) => {
  const [id, songId] = [await aResource(world, 'album', {}), await aSong(world)];
  const tracks = [{ songId, trackNumber: 1 }];
  await world.owner.api.put(`/v1/resources/${id}/tracks`, { tracks });
  const moved = method === 'PUT' ? { trackNumber: 2 } : {};
  return byOwner(world, { id, songId: method === 'POST' ? await aSong(world) : songId, ...moved });
};

const anAuthor: Maker = async (world, { method }) => {
  const authorId = await aWorkspace(world);
  const author = { authorType: 'workspace', authorId };
  const self = { authorType: 'user', authorId: world.owner.id };
  const authors = method === 'POST' ? [self] : [self, author];
  return byOwner(world, { id: await aPost(world, { authors }), ...author });
};

const aRevision: Maker = async (world) => {
  const id = await aPost(world);
  await world.owner.api.patch(`/v1/resources/${id}`, { title: 'Another' });
  return byOwner(world, { id, version: 1 });
};

const aTransfer: Maker = async (world, { method }) => {
  const workspaceId = await aWorkspace(world);
  const offer = { toType: 'user', toId: world.other.id };
  const id = await idOf(world.owner.api, `/v1/workspaces/${workspaceId}/transfer`, offer);
  return { api: method === 'DELETE' ? world.owner.api : world.other.api, values: { id } };
};

const aMember =
  (parent: 'workspaces' | 'organizations'): Maker =>
  async (world) => {
    const id = parent === 'workspaces' ? await aWorkspace(world) : world.organizationId;
    const user = await made<{ id: string }>(world.admin, '/v1/users', {
      email: `member.${uuidv7()}@label.example`,
    });
    const role = parent === 'workspaces' ? 'editor' : 'member';
    await made(world.owner.api, `/v1/${parent}/${id}/members`, { userId: user.id, role });
    return byOwner(world, { id, userId: user.id });
  };

const aKey: Maker = async (world) => {
  const body = { name: 'Standing', subjectType: 'user', subjectId: world.owner.id, scopes: ['users:read'] };
  const expiresAt = new Date(Date.now() + 86_400_000).toISOString();
  return byOwner(world, { id: await idOf(world.owner.api, '/v1/api-keys', body), expiresAt });
};

const aPermission: Maker = async (world) => {
  const object = { objectType: 'workspace', objectId: await aWorkspace(world) };
  const row = { subjectType: 'user', subjectId: world.other.id, ...object, action: 'update', value: 'allow' };
  return byOwner(world, { id: await idOf(world.owner.api, '/v1/permissions', row) });
};

const aRole: Maker = async (world) => {
  const scope = { scopeType: 'workspace', scopeId: await aWorkspace(world) };
  const role = { ...scope, slug: 'writer', name: 'Writer', grants: { resource: ['read'] } };
  return byOwner(world, { id: await idOf(world.owner.api, '/v1/roles', role) });
};

const aRoleAssignment: Maker = async (world) => {
  const object = { objectType: 'workspace', objectId: await aWorkspace(world) };
  const row = { role: 'editor', subjectType: 'user', subjectId: world.other.id, ...object };
  return byOwner(world, { id: await idOf(world.owner.api, '/v1/role-assignments', row) });
};

const anAction: Maker = async ({ admin }) => {
  const slug = `standing-${uuidv7().slice(-12)}`;
  await made(admin, '/v1/permission-actions', { slug, name: 'Standing' });
  return { api: admin, values: { slug } };
};

const aUser: Maker = async ({ admin }) => {
  const { id, api } = await aPerson(admin, 'standing');
  return { api, values: { id, confirm: id } };
};

const anOrganization: Maker = async (world) =>
  byOwner(world, {
    id: await idOf(world.owner.api, '/v1/organizations', { name: `Standing ${uuidv7()}` }),
  });

const aTeam: Maker = async (world) => {
  const team = { organizationId: world.organizationId, name: `Standing ${uuidv7()}` };
  const id = await settle(() => idOf(world.owner.api, '/v1/teams', team), 20_000);
  return byOwner(world, { id, name: `Renamed ${uuidv7()}` });
};

const bySlug: Maker = async (world) => {
  const slug = `standing-${uuidv7()}`;
  await made(world.owner.api, '/v1/workspaces', { name: 'Standing', slug });
  return byOwner(world, { slug });
};

const byShortId: Maker = async (world) => {
  const { body } = await world.owner.api.get<{ shortId: string }>(`/v1/resources/${await aPost(world)}`);
  return byOwner(world, { shortId: body.data.shortId });
};

const byHandle: Maker = async ({ admin }) => {
  const { id, api } = await aPerson(admin, 'standing');
  const handle = `standing_${uuidv7().slice(-12)}`;
  await api.patch(`/v1/users/${id}`, { handle });
  return { api, values: { handle } };
};

/** What stands at the end of each path, the longest path first. A route that is below none of them needs a line here. */
const makers: readonly [path: string, maker: Maker][] = [
  ['/v1/me', (world) => Promise.resolve(byOwner(world, {}))],
  ['/v1/users/by-handle/{handle}', byHandle],
  ['/v1/workspaces/by-slug/{slug}', bySlug],
  ['/v1/resources/by-short-id/{shortId}', byShortId],
  ['/v1/resources/{id}/post', aPart],
  ['/v1/resources/{id}/song', aPart],
  ['/v1/resources/{id}/album', aPart],
  ['/v1/resources/{id}/artwork', aPart],
  ['/v1/resources/{id}/press-release', aPart],
  ['/v1/resources/{id}/tracks', aTrack],
  ['/v1/resources/{id}/authors', anAuthor],
  ['/v1/resources/{id}/revisions', aRevision],
  ['/v1/resources/{id}', async (world) => byOwner(world, { id: await aPost(world), position: 1 })],
  ['/v1/workspaces/{id}/members', aMember('workspaces')],
  [
    '/v1/workspaces/{id}',
    async (world) => {
      const offer = { toType: 'user', toId: world.other.id };
      return byOwner(world, { id: await aWorkspace(world), position: 1, ...offer });
    },
  ],
  ['/v1/transfers/{id}', aTransfer],
  ['/v1/organizations/{id}/members', aMember('organizations')],
  ['/v1/organizations/{id}', anOrganization],
  ['/v1/users/{id}', aUser],
  ['/v1/teams/{id}', aTeam],
  ['/v1/api-keys/{id}', aKey],
  ['/v1/permissions/{id}', aPermission],
  ['/v1/permission-actions/{slug}', anAction],
  ['/v1/roles/{id}', aRole],
  ['/v1/role-assignments/{id}', aRoleAssignment],
];

/** Makes the object of a route anew, and the request that the route's example says, about that object. */
export async function aTarget(world: World, route: Route): Promise<Target> {
  const [, maker] = makers.find(([path]) => `${route.template}/`.startsWith(`${path}/`)) ?? [];
  if (!maker)
    throw new Error(`${route.name}: no maker of its object; add a line to test/conformance/standing.ts`);
  const { api, values } = await maker(world, route);
  const at = (template: string): string =>
    template.replaceAll(/\{(\w+)\}/g, (_, name: string) => String(values[name]));
  const confirm = route.method === 'DELETE' && Object.hasOwn(route.fields, 'confirm');
  return {
    api,
    path: at(route.template) + (confirm ? `?confirm=${String(values['confirm'])}` : ''),
    body: route.body && (substituted(route.body, values) as Target['body']),
    at,
  };
}

/** The example with the values of what stands, wherever it names one. */
function substituted(given: unknown, values: Standing['values']): unknown {
  if (Array.isArray(given)) return given.map((item) => substituted(item, values));
  if (typeof given !== 'object' || given === null) return given;
  return Object.fromEntries(
    Object.entries(given).map(([name, value]) => [
      name,
      Object.hasOwn(values, name) ? values[name] : substituted(value, values),
    ]),
  );
}
