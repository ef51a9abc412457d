import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Client } from 'pg';
import { resourceCreated, type ResourceFact } from '@erato/contracts/content/events';
import { posts } from '@erato/contracts/content/post';
import { resources, type CreateResource, type Resource } from '@erato/contracts/content/resource';
import { workspaces } from '@erato/contracts/content/workspace';
import type { Caller } from '@erato/contracts/kit/context';
import { settle } from '@erato/testing/settle';
import { World } from './world.js';

let world: World;
let mia: Caller;
let tom: Caller;
beforeAll(async () => {
  world = await World.start();
  mia = world.user('mia');
  tom = world.user('tom');
}, 60_000);
afterAll(() => world.close());

const code = { not_found: expect.objectContaining({ code: 'not_found' }) };
const gone = async (caller: Caller | undefined, id: string) =>
  expect(await world.as(caller).failure(resources.get, { id })).toMatchObject({ code: 'not_found' });

describe('a post', () => {
  it('is made in one call with its part, authors and links', async () => {
    const made = await world.aPost(mia, {
      title: 'All in one',
      post: { body: '# We\n\nare **on tour**', featuredImage: 'https://cdn.example.com/a.jpg' },
      links: [
        { url: 'https://open.spotify.com/x' },
        { url: 'https://example.com/', name: 'Shop', kind: 'buy' },
      ],
    });
    expect(made).toMatchObject({
      type: 'post',
      ownerType: 'user',
      ownerId: 'user_mia',
      title: 'All in one',
      excerpt: 'We are on tour',
      status: 'LISTED',
      publishAt: null,
      version: 1,
      post: {
        bodyHtml: '<h1>We</h1>\n<p>are <strong>on tour</strong></p>',
        featuredImage: 'https://cdn.example.com/a.jpg',
      },
    });
    expect(made.shortId).toMatch(/^[346789ABCDEFGHJKLMNPQRTUVWXYabcdefghijkmnpqrtwxyz]{10}$/);
    expect(made.publishedAt).toBe(made.createdAt);
    expect(await world.as().call(resources.get, { id: made.id })).toEqual(made);
    expect(await world.as().call(resources.getByShortId, { shortId: made.shortId })).toEqual(made);
    const whole = await world.as().call(resources.get, { id: made.id, include: ['authors', 'links'] });
    expect(whole.authors).toEqual([
      {
        authorType: 'user',
        authorId: 'user_mia',
        role: null,
        position: 1,
        addedAt: made.createdAt,
        acceptedAt: made.createdAt,
      },
    ]);
    expect(whole.links?.map(({ position, name, kind }) => ({ position, name, kind }))).toEqual([
      { position: 1, name: 'Spotify', kind: 'stream' },
      { position: 2, name: 'Shop', kind: 'buy' },
    ]);
  });

  it('is UNLISTED when that is left out: reachable, in no list of others', async () => {
    const made = await world
      .as(mia)
      .call(resources.create, { type: 'post', title: 'Hidden', post: { body: 'x' } });
    expect(made.status).toBe('UNLISTED');
    expect(await world.as(tom).call(resources.get, { id: made.id })).toEqual(made);
    for (const caller of [undefined, tom]) {
      expect(await world.titles(caller, { q: 'hidd' })).toEqual([]);
      expect(await world.titles(caller, { q: 'hidd', status: ['LISTED', 'UNLISTED'] })).toEqual([]);
    }
    expect(await world.titles(mia, { q: 'hidd' })).toEqual([]);
    expect(await world.titles(mia, { status: ['UNLISTED'], q: 'hidd' })).toEqual(['Hidden']);
  });

  it.each<[string, object, string, string]>([
    ['no title', { title: null }, 'title', 'required'],
    ['the part of nothing', { post: undefined }, 'post', 'required'],
    [
      'an address of http',
      { post: { body: 'x', featuredImage: 'http://example.com' } },
      'post.featuredImage',
      'malformed',
    ],
    ['a link with a password', { links: [{ url: 'https://a:b@example.com' }] }, 'links.0.url', 'malformed'],
    ['a link that is none', { links: [{ url: 'https://%%' }] }, 'links.0.url', 'malformed'],
    [
      'an icon that is no slug',
      { links: [{ url: 'https://a.example', icon: '<svg>' }] },
      'links.0.icon',
      'malformed',
    ],
    ['no such time', { publishAt: '2025-02-30T00:00:00Z' }, 'publishAt', 'malformed'],
    [
      'an author twice',
      {
        authors: [
          { authorType: 'user', authorId: 'user_mia' },
          { authorType: 'user', authorId: 'user_mia' },
        ],
      },
      'authors.1',
      'duplicate',
    ],
    [
      'nobody who has accepted',
      { authors: [{ authorType: 'user', authorId: 'user_tom' }] },
      'authors',
      'none_accepted',
    ],
    [
      'an unknown user',
      {
        authors: [
          { authorType: 'user', authorId: 'user_mia' },
          { authorType: 'user', authorId: 'user_x' },
        ],
      },
      'authors',
      'unknown_subject',
    ],
    ['half an owner', { ownerType: 'organization' }, 'ownerId', 'required'],
    ['too long an excerpt', { excerpt: 'x'.repeat(321) }, 'excerpt', 'too_long'],
  ])('is not made with %s', async (_, wrong, path, field) => {
    const failure = await world.as(mia).failure(resources.create, {
      type: 'post',
      title: 'Wrong',
      post: { body: 'x' },
      ...wrong,
    });
    expect(failure).toMatchObject({
      kind: 'invalid',
      errors: [expect.objectContaining({ path, code: field })],
    });
  });

  it('is a draft until it is published: for those alone who may update it', async () => {
    const made = await world.aPost(mia, { title: 'Draft', publishAt: null });
    expect(made).toMatchObject({ publishAt: null, publishedAt: null });
    for (const caller of [undefined, tom]) {
      await gone(caller, made.id);
      expect(await world.titles(caller, { q: 'draft' })).toEqual([]);
      expect(await world.as(caller).failure(posts.get, { id: made.id })).toMatchObject({ code: 'not_found' });
    }
    expect(await world.as(tom).failure(resources.update, { id: made.id, title: 'x' })).toMatchObject({
      code: 'not_found',
    });
    expect(await world.titles(mia, { q: 'draft', sort: '-publishedAt' })).toEqual(['Draft']);
    const past = new Date(Date.now() - 1_000).toISOString();
    const published = await world.as(mia).call(resources.update, { id: made.id, publishAt: past });
    expect(published.publishedAt).not.toBeNull();
    expect(await world.titles(undefined, { q: 'draft' })).toEqual(['Draft']);
    const back = await world.as(mia).failure(resources.update, { id: made.id, publishAt: null });
    expect(back.code).toBe('already_published');
  });

  it('is published at its time, once, also when nobody was there at that moment', async () => {
    const at = new Date(Date.now() + 1_500).toISOString();
    const made = await world.aPost(mia, { title: 'Soon', publishAt: at });
    expect(made).toMatchObject({ publishAt: at, publishedAt: null });
    await gone(tom, made.id);
    await world.restartContent();
    const shown = await settle(() => world.as(tom).call(resources.get, { id: made.id }), 10_000);
    const late = Date.parse(shown.publishedAt ?? '') - Date.parse(at);
    expect(late).toBeGreaterThanOrEqual(0);
    expect(late).toBeLessThan(5_000);
    expect(shown.version).toBe(2);
    expect(await world.titles(undefined, { q: 'soon' })).toEqual(['Soon']);
  });

  it('is changed by a merge patch, its part inside it', async () => {
    const made = await world.aPost(mia, {
      title: 'Patch',
      post: { body: 'one', featuredImage: 'https://a.example/b.png' },
    });
    const { id } = made;
    const next = await world
      .as(mia)
      .call(resources.update, { id, title: 'Patched', post: { featuredImage: null } }, { ifMatch: [1] });
    expect(next).toMatchObject({ title: 'Patched', version: 2, post: { body: 'one', featuredImage: null } });
    expect(await world.as().call(resources.get, { id })).toEqual(next);
    const stale = await world.as(mia).failure(resources.update, { id, title: 'x' }, { ifMatch: [1] });
    expect(stale.code).toBe('precondition_failed');
    const part = await world.as(mia).call(posts.put, { id, body: 'two' });
    expect(part).toEqual({ body: 'two', bodyHtml: '<p>two</p>', featuredImage: null, version: 3 });
    expect(await world.as().call(posts.get, { id })).toEqual(part);
    expect((await world.as(tom).failure(resources.update, { id, title: 'x' })).code).toBe(
      'permission_denied',
    );
    for (const wrong of [
      { type: 'status' },
      { ownerId: 'x' },
      { post: null },
      { title: null },
      { authors: [] },
    ]) {
      expect((await world.as(mia).failure(resources.update, { id, ...wrong } as never)).kind).toBe('invalid');
    }
  });

  it('has an excerpt that follows the body until one is given', async () => {
    const { id } = await world.aPost(mia, { title: 'Words', post: { body: 'first' } });
    const patch = async (given: object) =>
      (await world.as(mia).call(resources.update, { id, ...given })).excerpt;
    expect(await patch({ post: { body: 'second' } })).toBe('second');
    expect(await patch({ excerpt: 'mine' })).toBe('mine');
    expect(await patch({ post: { body: 'third' } })).toBe('mine');
    expect(await patch({ excerpt: null })).toBe('third');
    expect(await patch({ post: { body: 'fourth' } })).toBe('fourth');
  });

  it('is refused where its body takes too long to render', async () => {
    const failure = await world.as(mia).failure(resources.create, {
      type: 'post',
      title: 'Evil',
      post: { body: '*a_'.repeat(30_000) },
    });
    expect(failure.errors).toEqual([expect.objectContaining({ path: 'post.body', code: 'too_complex' })]);
  });

  it('is deleted by who may, and is gone for all', async () => {
    const made = await world.aPost(mia, { title: 'Gone', links: [{ url: 'https://a.example' }] });
    expect((await world.as(tom).failure(resources.delete, { id: made.id })).code).toBe('permission_denied');
    expect((await world.as(mia).failure(resources.delete, { id: made.id }, { ifMatch: [7] })).code).toBe(
      'precondition_failed',
    );
    await world.as(mia).call(resources.delete, { id: made.id });
    await gone(mia, made.id);
    const left = await world.database.query<{ n: number }>(
      `SELECT (SELECT count(*) FROM posts WHERE resource_id = $1) + (SELECT count(*) FROM resource_authors WHERE resource_id = $1)
       + (SELECT count(*) FROM external_links WHERE subject_id = $1) AS n`,
      [made.id],
    );
    expect(Number(left.rows[0]?.n)).toBe(0);
    expect(await world.as(mia).failure(resources.delete, { id: made.id })).toEqual(code.not_found);
  });
});

describe('a status', () => {
  const status = { type: 'status' as const, excerpt: 'On the boat.', status: 'LISTED' as const };

  it('is its author’s own words', async () => {
    const made = await world.as(mia).call(resources.create, status);
    expect(made).toMatchObject({ type: 'status', title: null, excerpt: 'On the boat.', ownerId: 'user_mia' });
    expect(made).not.toHaveProperty('post');
    expect(await world.as().failure(posts.get, { id: made.id })).toEqual(code.not_found);
    expect(await world.as(mia).failure(posts.put, { id: made.id, body: 'x' })).toEqual(code.not_found);
  });

  it.each([
    [{ title: 'x' }, 'title'],
    [{ excerpt: 'x'.repeat(301) }, 'excerpt'],
    [{ excerpt: undefined }, 'excerpt'],
    [{ post: { body: 'x' } }, 'post'],
    [{ media: [] }, 'media'],
    [{ authors: [{ authorType: 'user', authorId: 'user_tom' }] }, 'authors'],
  ])('is not made with %j', async (wrong, path) => {
    const failure = await world.as(mia).failure(resources.create, { ...status, ...wrong } as CreateResource);
    expect(failure.errors).toEqual([expect.objectContaining({ path })]);
  });

  it('is authored by the workspace that its maker acts for, and owned by its owner', async () => {
    const { id } = await world.aWorkspace(mia, { name: 'Acting' });
    const denied = await world.as(tom).failure(resources.create, status, { actAs: id });
    expect(denied.code).toBe('permission_denied');
    await world.permit({
      subjectType: 'user',
      subjectId: 'user_tom',
      objectType: 'workspace',
      objectId: id,
      action: 'update',
      value: 'allow',
    });
    const made = await settle(() => world.as(tom).call(resources.create, status, { actAs: id }));
    expect(made).toMatchObject({ ownerType: 'user', ownerId: 'user_mia' });
    const { authors } = await world.as().call(resources.get, { id: made.id, include: ['authors'] });
    expect(authors).toEqual([expect.objectContaining({ authorType: 'workspace', authorId: id })]);
    const post = await world.aPost(tom, { title: 'Acted' }, { actAs: id });
    expect(post.ownerId).toBe('user_tom');
  });
});

describe('an owner', () => {
  it('is an organization where the caller may create on it or on an author workspace of it', async () => {
    world.organization('org_label');
    const owner = { ownerType: 'organization' as const, ownerId: 'org_label' };
    const admin = world.user('boss', { organizations: [{ organizationId: 'org_label', roleSlug: 'admin' }] });
    const member = world.user('member', {
      organizations: [{ organizationId: 'org_label', roleSlug: 'member' }],
    });
    const viewer = world.user('viewer', {
      organizations: [{ organizationId: 'org_label', roleSlug: 'viewer' }],
    });
    const label = await world.aWorkspace(admin, { name: 'Label', ...owner });
    const authors = [{ authorType: 'workspace' as const, authorId: label.id }];
    expect(await world.aPost(admin, { title: 'By the boss', ...owner })).toMatchObject(owner);
    expect(await world.aPost(member, { title: 'By a member', authors, ...owner })).toMatchObject(owner);
    const refusals = [
      [member, { ...owner }, 'owner_not_allowed'],
      [viewer, { authors, ...owner }, 'author_not_allowed'],
      [mia, { authors, ...owner }, 'author_not_allowed'],
      [mia, { ...owner }, 'owner_not_allowed'],
      [mia, { ownerType: 'user' as const, ownerId: 'user_tom' }, 'owner_not_allowed'],
      [
        mia,
        { authors: [{ authorType: 'workspace' as const, authorId: crypto.randomUUID() }] },
        'author_not_allowed',
      ],
    ] as const;
    for (const [caller, more, refusal] of refusals) {
      const failure = await world.as(caller).failure(resources.create, {
        type: 'post',
        title: 'No',
        post: { body: 'x' },
        ...more,
      } as CreateResource);
      expect(failure).toMatchObject({ kind: 'forbidden', code: refusal });
    }
    const posted = await world.aPost(member, { title: 'Acted for' }, { actAs: label.id });
    expect(posted).toMatchObject(owner);
  });

  it('is that of the workspace whose key makes it, within its ceiling', async () => {
    const { id } = await world.aWorkspace(mia, { name: 'Keyed' });
    const key: Caller = {
      subjectType: 'workspace',
      subjectId: id,
      scopes: ['resources:write'],
      keyId: crypto.randomUUID(),
    };
    expect(await world.aPost(key, { title: 'By key' })).toMatchObject({
      ownerType: 'user',
      ownerId: 'user_mia',
    });
    const narrow = { ...key, ceiling: { resource: { actions: ['read'] } } };
    const failure = world
      .as(narrow)
      .failure(resources.create, { type: 'post', title: 'x', post: { body: 'x' } });
    expect((await failure).code).toBe('permission_denied');
    const wide = { ...key, ceiling: { resource: { actions: ['write'] } } };
    expect(await world.aPost(wide, { title: 'By a wide key' })).toMatchObject({ ownerId: 'user_mia' });
    const organization: Caller = { subjectType: 'organization', subjectId: 'org_label', scopes: [] };
    const nobody = await world
      .as(organization)
      .failure(resources.create, { type: 'post', title: 'x', post: { body: 'x' } });
    expect(nobody.errors).toEqual([expect.objectContaining({ path: 'authors', code: 'required' })]);
  });
});

describe('a profile', () => {
  it('shows what a workspace has listed and published, newest first', async () => {
    const { id } = await world.aWorkspace(mia, { name: 'Profile' });
    const by = { authors: [{ authorType: 'workspace' as const, authorId: id }] };
    for (const title of ['one', 'two', 'three']) await world.aPost(mia, { title, ...by });
    await world.aPost(mia, { title: 'unlisted', status: 'UNLISTED', ...by });
    const draft = await world.aPost(mia, { title: 'draft', publishAt: null, ...by });
    const titles = async (caller?: Caller, more: object = {}) =>
      (await world.as(caller).call(resources.profile, { id, ...more })).data.map(({ title }) => title);
    expect(await titles()).toEqual(['three', 'two', 'one']);
    expect(await titles(mia)).toEqual(['three', 'two', 'one']);
    const page = await world.as().call(resources.profile, { id, limit: 2 });
    expect(await titles(undefined, { limit: 2, after: page.meta.after })).toEqual(['one']);
    await world.as(mia).call(resources.update, { id: draft.id, publishAt: new Date().toISOString() });
    expect(await titles()).toEqual(['draft', 'three', 'two', 'one']);
    await world.as(mia).call(resources.update, { id: draft.id, status: 'UNLISTED' });
    expect(await titles(undefined, { type: ['post'] })).toEqual(['three', 'two', 'one']);
    expect(await titles(undefined, { type: ['status'] })).toEqual([]);
    await world.as(mia).call(workspaces.update, { id, visibility: 'private' });
    expect(await world.as().failure(resources.profile, { id })).toEqual(code.not_found);
    expect(await titles(mia)).toEqual(['three', 'two', 'one']);
  });
});

describe('a resource of a workspace that changes while it is made', () => {
  let database: Client;
  beforeAll(async () => {
    database = new Client({ connectionString: world.content.databaseUrl });
    await database.connect();
  });
  afterAll(() => database.end());

  /** Makes a post of a new public workspace, which has been read before the change and waits for it. */
  const meanwhile = async (change: string): Promise<{ made: Promise<Resource>; workspaceId: string }> => {
    const { id } = await world.aWorkspace(mia);
    await database.query('BEGIN');
    await database.query(change, [id]);
    const made = world.aPost(mia, { authors: [{ authorType: 'workspace', authorId: id }] });
    made.catch(() => undefined);
    await settle(async () => {
      const { rows } = await database.query(
        'SELECT FROM pg_stat_activity WHERE pg_backend_pid() = ANY (pg_blocking_pids(pid))',
      );
      return rows.length > 0;
    });
    await database.query('COMMIT');
    return { made, workspaceId: id };
  };

  /** What was told of new resources, once all that was written before has been. */
  const told = async (about: string): Promise<ResourceFact[]> => {
    const { id } = await world.aPost(mia);
    await settle(() => world.heard(resourceCreated, id).length > 0);
    return world.heard(resourceCreated, about);
  };

  it('is as closed as it has become, and told so once', async () => {
    const { made } = await meanwhile(`UPDATE workspaces SET visibility = 'private' WHERE id = $1`);
    const { id } = await made;
    await gone(undefined, id);
    expect(await world.as(mia).call(resources.get, { id })).toMatchObject({ id });
    expect((await told(id)).map(({ object }) => object?.everyone)).toEqual([[]]);
  });

  it('is neither made nor told where it is gone', async () => {
    const { made: refused, workspaceId } = await meanwhile('DELETE FROM workspaces WHERE id = $1');
    await expect(refused).rejects.toMatchObject({ code: 'author_not_allowed' });
    const { rows } = await database.query('SELECT FROM resources WHERE $1::uuid = ANY (author_workspaces)', [
      workspaceId,
    ]);
    expect(rows).toEqual([]);
    await told(workspaceId);
    const made = world.events.filter(({ type }) => type === resourceCreated.name);
    expect(made.length).toBeGreaterThan(0);
    expect(JSON.stringify(made)).not.toContain(workspaceId);
  });

  it('draws a short id again that is taken, and is told once', async () => {
    const { shortId } = await world.aPost(mia);
    await database.query(`
      CREATE SEQUENCE tries;
      CREATE FUNCTION take() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN IF nextval('tries') = 1 THEN NEW.short_id := '${shortId}'; END IF; RETURN NEW; END $$;
      CREATE TRIGGER taken BEFORE INSERT ON resources FOR EACH ROW EXECUTE FUNCTION take()`);
    const { id } = await world.aPost(mia);
    const { rows } = await database.query(`SELECT last_value::int AS tries FROM tries`);
    await database.query('DROP TRIGGER taken ON resources; DROP FUNCTION take; DROP SEQUENCE tries');
    expect(rows).toEqual([{ tries: 2 }]);
    expect(await told(id)).toHaveLength(1);
  });
});

describe('a list', () => {
  it('sorts by each of its fields, both ways, nulls last, in pages both ways', async () => {
    const eva = world.user('eva');
    const base = { ownerId: ['user_eva'] };
    for (const title of ['b', 'A', 'c']) await world.aPost(eva, { title });
    await world.as(eva).call(resources.create, { type: 'status', excerpt: 'status', status: 'LISTED' });
    await world.aPost(eva, { title: 'z draft', publishAt: null });
    const orders = {
      createdAt: ['b', 'A', 'c', 'status', 'z draft'],
      '-createdAt': ['z draft', 'status', 'c', 'A', 'b'],
      publishedAt: ['b', 'A', 'c', 'status', 'z draft'],
      '-publishedAt': ['status', 'c', 'A', 'b', 'z draft'],
      title: ['A', 'b', 'c', 'z draft', 'status'],
      '-title': ['z draft', 'c', 'b', 'A', 'status'],
    } as const;
    for (const [sort, order] of Object.entries(orders)) {
      const input = { ...base, sort: sort as keyof typeof orders };
      expect([sort, await world.titles(eva, input)]).toEqual([sort, order]);
      const guests = order.filter((title) => title !== 'z draft');
      expect([sort, await world.titles(undefined, input)]).toEqual([sort, guests]);
      for (const [caller, all] of [
        [eva, order],
        [undefined, guests],
      ] as const) {
        const seen: (string | null)[] = [];
        let page = await world.as(caller).call(resources.list, { ...input, limit: 2 });
        for (;;) {
          seen.push(...page.data.map(({ title, excerpt }) => title ?? excerpt));
          if (page.meta.after === null) break;
          page = await world.as(caller).call(resources.list, { ...input, limit: 2, after: page.meta.after });
        }
        expect([sort, seen]).toEqual([sort, all]);
        const back: (string | null)[] = page.data.map(({ title, excerpt }) => title ?? excerpt);
        while (page.meta.before !== null) {
          page = await world
            .as(caller)
            .call(resources.list, { ...input, limit: 2, before: page.meta.before });
          back.unshift(...page.data.map(({ title, excerpt }) => title ?? excerpt));
        }
        expect([sort, back]).toEqual([sort, all]);
      }
    }
    const counted = await world.as(eva).call(resources.list, { ...base, count: 'exact', limit: 1 });
    expect(counted.meta.total).toBe(5);
    const strange = counted.meta.after ?? '';
    const failure = await world.as(eva).failure(resources.list, { ...base, sort: 'title', after: strange });
    expect(failure.code).toBe('cursor_invalid');
  });

  it('is filtered by type, author and the beginning of the title', async () => {
    const kim = world.user('kim');
    const { id } = await world.aWorkspace(kim, { name: 'Kims' });
    await world.aPost(kim, { title: '100% Émile_' });
    await world.aPost(kim, { title: 'By kims', authors: [{ authorType: 'workspace', authorId: id }] });
    await world.as(kim).call(resources.create, { type: 'status', excerpt: 'hm', status: 'LISTED' });
    const ownerId = ['user_kim'];
    expect(await world.titles(undefined, { ownerId, type: ['status'] })).toEqual(['hm']);
    expect(await world.titles(undefined, { ownerId, type: ['post', 'status'] })).toHaveLength(3);
    expect(await world.titles(undefined, { authorId: [id] })).toEqual(['By kims']);
    expect(await world.titles(undefined, { ownerId, authorType: ['workspace'] })).toEqual(['By kims']);
    expect(await world.titles(undefined, { ownerId, q: '100% É' })).toEqual(['100% Émile_']);
    expect(await world.titles(undefined, { ownerId, q: '%' })).toEqual([]);
    expect(await world.titles(undefined, { ownerId, ownerType: ['organization'] })).toEqual([]);
  });
});
