import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { attempt, Erato, reading } from '@erato/client';
import { settle } from '@erato/testing/settle';
import { startSystem, type TestSystem } from '@erato/testing/system';
import { seed, type Seeded } from '@erato/tools/seed/seed';
import { independents, labelAt } from '@erato/tools/seed/world/cast';
import { resourcesOf } from '@erato/tools/seed/world/resource-plan';
import { workspaceAt } from '@erato/tools/seed/world/workspace-plan';
import { resourcesPerWorkspace, sizes, type World } from '@erato/tools/seed/world/world';

/** The same people, artists and music twice, under other names: one world by the API, one by COPY. */
const seeds = 'small-1';
const byApi: World = { tag: 'api', seed: seeds, size: sizes.small };
const byCopy: World = { tag: 'cpy', seed: seeds, size: sizes.small };
const count = sizes.small.workspaces * resourcesPerWorkspace;

describe('a world that was seeded', () => {
  let system: TestSystem;
  let administrator: Erato;
  let one: Seeded;
  let other: Seeded;
  const noted: string[] = [];

  beforeAll(async () => {
    system = await startSystem({ env: { ERATO_RATE_KEY: '100000', ERATO_RATE_GUEST: '100000' } });
    administrator = new Erato({ url: system.url, credential: system.adminKey, timeoutMs: 30_000 });
    one = await seed(target(), byApi);
    other = await seed(target(true), byCopy);
  }, 240_000);

  afterAll(async () => {
    await system.stop();
  }, 60_000);

  function target(copies = false) {
    const databases = { content: system.databaseUrl('content'), authz: system.databaseUrl('authz') };
    const note = (line: string): void => void noted.push(line);
    return { administrator, note, databases: copies ? databases : undefined };
  }

  it('has what was planned, by either way', () => {
    expect([one.written, one.known]).toEqual([count, 0]);
    expect([other.written, other.known]).toEqual([count, 0]);
    expect(noted.some((line) => line.startsWith('resources: 120 of 120'))).toBe(true);
  });

  it('is there once, however often it is seeded', async () => {
    const [again, copied] = [await seed(target(), byApi), await seed(target(true), byCopy)];
    expect([again.written, again.known]).toEqual([0, count]);
    expect([copied.written, copied.known]).toEqual([0, count]);
    expect(again.cast).toEqual(one.cast);
    expect(copied.cast).toEqual(other.cast);
  }, 120_000);

  /** The viewers whom a comparison tries, each with what it is called. */
  function viewersOf(world: World): readonly (readonly [string, number])[] {
    const { boss, team, viewer } = labelAt(world, 0);
    const [first = 0, second = 0] = independents(world);
    return [
      ['boss', boss],
      ['of the team', team[0] ?? 0],
      ['denied', team[1] ?? 0],
      ['viewer', viewer],
      ['outsider', first],
      ['another outsider', second],
    ];
  }

  async function as(person: string): Promise<Erato> {
    const made = await administrator.post('/v1/api-keys', {
      body: {
        ...{ name: 'Viewer', subjectType: 'user', subjectId: person },
        scopes: ['workspaces:read', 'resources:write', 'permissions:read'],
      },
    });
    return administrator.as(made.data.secret);
  }

  /** Names instead of ids and times, so that two worlds can be held side by side. */
  function normalizing(world: World, { cast, ids }: Seeded): (value: unknown) => string {
    const names = new Map<string, string>();
    for (const [at, id] of cast.people.entries()) names.set(id, `person ${String(at)}`);
    for (const [at, { id, teamId }] of cast.labels.entries())
      names.set(id, `label ${String(at)}`).set(teamId, `team ${String(at)}`);
    for (let at = 0; at < world.size.workspaces; at++)
      names.set(ids.workspace(at), `workspace ${String(at)}`);
    for (let at = 0; at < count; at++) names.set(ids.resource(at), `resource ${String(at)}`);
    return (value) =>
      JSON.stringify(value)
        .replaceAll(
          /"(?:user|org)_\w+"|"[0-9a-f]{8}-[0-9a-f-]{27}"/g,
          (id) => names.get(id.slice(1, -1)) ?? 'an id',
        )
        .replaceAll(/"shortId":"\w+"/g, '"shortId"')
        .replaceAll(/"\d{4}-\d\d-\d\dT[\d:.]+Z"/g, 'a time')
        // By COPY a thing is whole from its start; by the API its links and tracks come after it.
        .replaceAll(/"version":\d+/g, '"version"')
        .replaceAll(new RegExp(`-${world.tag}\\b`, 'g'), '');
  }

  /** All that a viewer sees of a world and may do in it. */
  async function seenBy(erato: Erato, world: World, seeded: Seeded): Promise<Record<string, string[]>> {
    const seen: Record<string, string[]> = {};
    const normal = normalizing(world, seeded);
    const note = (what: string, values: readonly unknown[]): void =>
      void (seen[what] = values.map(normal).sort());
    const workspaces = Array.from({ length: world.size.workspaces }, (_, at) => workspaceAt(world, at));
    const authorId = workspaces.map(({ number }) => seeded.ids.workspace(number));
    const query = { authorId, limit: 50 };
    note('listed', await erato.list('/v1/resources', { query }).take(500));
    note(
      'unlisted',
      await erato.list('/v1/resources', { query: { ...query, status: ['UNLISTED'] } }).take(500),
    );
    note('songs', await erato.list('/v1/resources', { query: { ...query, type: ['song'] } }).take(500));
    const genre = workspaces.slice(0, 4).map((each) => each.genre);
    note('of a genre', await erato.list('/v1/resources', { query: { ...query, genre } }).take(500));
    note('that begin so', await erato.list('/v1/resources', { query: { ...query, q: 'sec' } }).take(500));
    const { people } = seeded.cast;
    const theirs = { query: { authorType: ['user' as const], authorId: people.slice(0, 20) } };
    note('of people', await erato.list('/v1/resources', theirs).take(500));
    const own = { query: { ownerId: [...people, ...seeded.cast.labels.map(({ id }) => id)] } };
    note('workspaces', await erato.list('/v1/workspaces', own).take(100));
    for (const { number } of workspaces) {
      const path = { id: seeded.ids.workspace(number) };
      const read = await attempt(erato.get('/v1/workspaces/{id}', { path, query: { include: ['links'] } }));
      note(`workspace ${String(number)}`, [read.ok ? read.answer.data : read.problem.code]);
      const profile = await attempt(
        erato.get('/v1/workspaces/{id}/resources', { path, query: { limit: 100 } }),
      );
      note(`profile ${String(number)}`, profile.ok ? profile.answer.data : [profile.problem.code]);
      // A few of each: what was read above in lists need not be read again one by one.
      for (const resource of resourcesOf(world, workspaceAt(world, number)).filter(
        (_, slot) => slot % 3 === 0,
      )) {
        const one = { path: { id: seeded.ids.resource(resource.number) } };
        const include = { include: ['authors' as const, 'links' as const, 'tracks' as const] };
        const got = await attempt(erato.get('/v1/resources/{id}', { ...one, query: include }));
        note(`resource ${String(resource.number)}`, [got.ok ? got.answer.data : got.problem.code]);
      }
    }
    return seen;
  }

  it('looks the same to guests and to the administrator', async () => {
    for (const viewer of [administrator.as(), administrator]) {
      const [a, b] = [await seenBy(viewer, byApi, one), await seenBy(viewer, byCopy, other)];
      expect(b).toEqual(a);
      expect(a['listed']?.length).toBeGreaterThan(60);
    }
  }, 120_000);

  it('looks the same to its people', async () => {
    const people = viewersOf(byApi);
    for (const [name, number] of people) {
      const [here, there] = await Promise.all([
        as(one.cast.people[number] ?? ''),
        as(other.cast.people[number] ?? ''),
      ]);
      const [a, b] = [await seenBy(here, byApi, one), await seenBy(there, byCopy, other)];
      expect([name, b]).toEqual([name, a]);
    }
  }, 240_000);

  /** What a person may, as authz decides it. */
  async function decisionsFor(person: string, world: World, { ids }: Seeded): Promise<string[]> {
    const decided: string[] = [];
    const about = [
      ...Array.from({ length: world.size.workspaces }, (_, at) => ({
        type: 'workspace',
        id: ids.workspace(at),
      })),
      ...Array.from({ length: count / 5 }, (_, at) => ({ type: 'resource', id: ids.resource(at * 5) })),
    ];
    for (const action of ['read', 'update', 'delete', 'publish']) {
      const checks = about.map((object) => ({
        subject: { type: 'user' as const, id: person },
        action,
        object,
      }));
      const { data } = await administrator.post('/v1/permissions/check', { body: { checks } });
      decided.push(`${action}: ${JSON.stringify(data.results?.map(({ allowed }) => allowed))}`);
    }
    return decided;
  }

  it('is decided the same', async () => {
    const seen = new Set<string>();
    for (const [name, number] of viewersOf(byApi)) {
      const a = await decisionsFor(one.cast.people[number] ?? '', byApi, one);
      const b = await decisionsFor(other.cast.people[number] ?? '', byCopy, other);
      expect([name, b]).toEqual([name, a]);
      seen.add(a.join());
    }
    // Or it would compare nothing: these people have different rights.
    expect(seen.size).toBeGreaterThan(4);
  }, 120_000);

  /** The objects of a world that a person may update, as authz lists them. */
  async function listedFor(person: string, world: World, seeded: Seeded): Promise<string[]> {
    const normal = normalizing(world, seeded);
    const listed: string[] = [];
    for (const objectType of ['workspace', 'resource']) {
      const query = { subject: `user:${person}`, action: 'update', objectType, limit: 100 };
      for await (const object of administrator.list('/v1/permissions/objects', { query }))
        listed.push(normal(object));
    }
    return listed.sort();
  }

  it('is found the same by who asks what somebody may', async () => {
    for (const [name, number] of viewersOf(byApi)) {
      const a = await listedFor(one.cast.people[number] ?? '', byApi, one);
      const b = await listedFor(other.cast.people[number] ?? '', byCopy, other);
      expect([name, b]).toEqual([name, a]);
      if (name === 'boss') expect(a.length).toBeGreaterThan(40);
    }
  }, 120_000);

  it('is read many at once, and followed as it changes', async () => {
    const plan = workspaceAt(byCopy, byCopy.size.labels);
    const path = { id: other.ids.workspace(plan.number) };
    const [read, lost, profile] = await administrator.batch([
      reading('/v1/workspaces/{id}', { path }),
      reading('/v1/workspaces/{id}', { path: { id: other.cast.people[0] ?? '' } }),
      reading('/v1/workspaces/{id}/resources', { path, query: { limit: 2 } }),
    ]);
    expect(read.ok && read.answer.data.name).toBe(plan.name);
    expect(lost.ok ? 'found' : lost.problem.code).toBe('not_found');
    expect(profile.ok && profile.answer.meta.limit).toBe(2);

    const abort = new AbortController();
    const stream = administrator.stream({ topics: [`workspace:${path.id}`], signal: abort.signal });
    const next = stream.next();
    // Until it is open it hears nothing, and it does not say when it is: so something happens until it does.
    let heard = false;
    void next.finally(() => (heard = true));
    await settle(async () => {
      await administrator.patch('/v1/workspaces/{id}', { path, body: { description: 'Changed.' } });
      return heard;
    });
    const part = await next;
    expect(part.value).toMatchObject({
      kind: 'event',
      event: { type: 'content.workspace.updated', subject: path.id },
    });
    abort.abort();
    expect(await stream.next()).toEqual({ done: true, value: undefined });
  }, 60_000);

  it('can be changed by who may, like anything else', async () => {
    const plan = workspaceAt(byCopy, byCopy.size.labels);
    const album = resourcesOf(byCopy, plan).find(({ type }) => type === 'album' || type === 'post');
    const path = { id: other.ids.resource(album?.number ?? 0) };
    const edited = await administrator.edit('/v1/resources/{id}', { path }, () => ({
      title: 'Another title',
    }));
    expect(edited.data).toMatchObject({ title: 'Another title', version: 2 });
    await administrator.delete('/v1/resources/{id}', { path });
    await expect(administrator.get('/v1/resources/{id}', { path })).rejects.toMatchObject({
      code: 'not_found',
    });
  });
});
