import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { workspaces } from '@erato/contracts/content/workspace';
import { resources } from '@erato/contracts/content/resource';
import { authors } from '@erato/contracts/content/author';
import type { Caller } from '@erato/contracts/kit/context';
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

describe('a workspace', () => {
  it('is opened with a slug of its name, and shown to everyone', async () => {
    const made = await world.aWorkspace(mia, { name: 'Sigur Rós' });
    expect(made).toMatchObject({
      slug: 'sigur-ros',
      kind: 'artist',
      visibility: 'public',
      ownerType: 'user',
      ownerId: 'user_mia',
      description: null,
      version: 1,
    });
    expect(await world.as().call(workspaces.get, { id: made.id })).toEqual(made);
    expect(await world.as().call(workspaces.getBySlug, { slug: 'sigur-ros' })).toEqual(made);
  });

  it('gets another slug where the first is taken, unless it was asked for', async () => {
    const [one, two] = [
      await world.aWorkspace(mia, { name: 'Twice' }),
      await world.aWorkspace(tom, { name: 'Twice' }),
    ];
    expect(one.slug).toBe('twice');
    expect(two.slug).toMatch(/^twice-[0-9a-z]{4}$/);
    const refused = world.as(tom).failure(workspaces.create, { name: 'x', slug: 'twice' });
    expect(await refused).toMatchObject({ kind: 'conflict', code: 'slug_taken' });
    const reserved = await world.as(tom).failure(workspaces.create, { name: 'x', slug: 'admin' });
    expect(reserved.errors).toEqual([expect.objectContaining({ path: 'slug', code: 'reserved' })]);
  });

  it('is private where it says so, for all but its owner', async () => {
    const made = await world.aWorkspace(mia, { name: 'Secret', visibility: 'private' });
    for (const caller of [undefined, tom]) {
      expect(await world.as(caller).failure(workspaces.get, { id: made.id })).toMatchObject({
        code: 'not_found',
      });
      expect(await world.as(caller).failure(workspaces.getBySlug, { slug: 'secret' })).toMatchObject({
        code: 'not_found',
      });
      const { data } = await world.as(caller).call(workspaces.list, { q: 'secret' });
      expect(data).toEqual([]);
    }
    expect((await world.as(mia).call(workspaces.list, { q: 'SECR' })).data).toEqual([made]);
  });

  it('is changed by a merge patch, under If-Match, by who may update it', async () => {
    const made = await world.aWorkspace(mia, {
      name: 'Patch',
      themeConfig: { colors: { primary: '#fff', accent: '#000' }, layout: { columns: 2, order: [1] } },
      description: 'old',
    });
    const { id } = made;
    const denied = await world.as(tom).failure(workspaces.update, { id, name: 'Mine' });
    expect(denied.code).toBe('permission_denied');
    const next = await world
      .as(mia)
      .call(
        workspaces.update,
        { id, description: null, themeConfig: { colors: { accent: null }, layout: { order: [2] } } },
        { ifMatch: [1] },
      );
    expect(next).toMatchObject({
      name: 'Patch',
      description: null,
      themeConfig: { colors: { primary: '#fff' }, layout: { columns: 2, order: [2] } },
      version: 2,
    });
    const stale = await world.as(mia).failure(workspaces.update, { id, name: 'Late' }, { ifMatch: [1] });
    expect(stale.code).toBe('precondition_failed');
    expect(await world.as().call(workspaces.get, { id })).toEqual(next);
    const wrong = world.as(mia).failure(workspaces.update, { id, ownerId: 'user_tom' } as never);
    expect((await wrong).errors).toEqual([
      expect.objectContaining({ path: 'ownerId', code: 'unknown_field' }),
    ]);
  });

  it('takes the visibility of its resources along', async () => {
    const { id } = await world.aWorkspace(mia, { name: 'Doors' });
    const post = await world.aPost(mia, {
      title: 'Behind doors',
      authors: [{ authorType: 'workspace', authorId: id }],
    });
    expect(await world.titles(undefined, { authorId: [id] })).toEqual(['Behind doors']);
    await world.as(mia).call(workspaces.update, { id, visibility: 'private' });
    expect(await world.titles(undefined, { authorId: [id] })).toEqual([]);
    expect(await world.as(tom).failure(resources.get, { id: post.id })).toMatchObject({ code: 'not_found' });
    expect(await world.titles(mia, { authorId: [id] })).toEqual(['Behind doors']);
    await world.as(mia).call(workspaces.update, { id, visibility: 'public' });
    expect(await world.as().call(resources.get, { id: post.id })).toMatchObject({ version: 1 });
  });

  it('is owned by an organization only where the caller may create there', async () => {
    world.organization('org_label');
    const owner = { ownerType: 'organization' as const, ownerId: 'org_label' };
    const admin = world.user('boss', { organizations: [{ organizationId: 'org_label', roleSlug: 'admin' }] });
    const member = world.user('member', {
      organizations: [{ organizationId: 'org_label', roleSlug: 'member' }],
    });
    for (const caller of [tom, member]) {
      expect(await world.as(caller).failure(workspaces.create, { name: 'L', ...owner })).toMatchObject({
        code: 'owner_not_allowed',
      });
    }
    const made = await world.aWorkspace(admin, { name: 'Label', visibility: 'private', ...owner });
    expect(made).toMatchObject(owner);
    expect(await world.as(member).call(workspaces.get, { id: made.id })).toEqual(made);
    expect((await world.as(member).call(workspaces.list, { ownerId: ['org_label'] })).data).toEqual([made]);
    const asUser = world
      .as(tom)
      .failure(workspaces.create, { name: 'L', ownerType: 'user', ownerId: 'user_mia' });
    expect((await asUser).code).toBe('owner_not_allowed');
  });

  it('is deleted, but not while it is the only author of something', async () => {
    const { id } = await world.aWorkspace(mia, { name: 'Leaving' });
    const self = { authorType: 'workspace' as const, authorId: id };
    const alone = await world.aPost(mia, { title: 'Alone', authors: [self] });
    const both = await world.aPost(mia, {
      title: 'Both',
      authors: [self, { authorType: 'user', authorId: 'user_mia' }],
    });
    expect(await world.as(tom).failure(workspaces.delete, { id })).toMatchObject({
      code: 'permission_denied',
    });
    expect(await world.as(mia).failure(workspaces.delete, { id })).toMatchObject({
      code: 'workspace_in_use',
    });
    await world.as(mia).call(workspaces.delete, { id, cascade: true });
    expect(await world.as(mia).failure(workspaces.get, { id })).toMatchObject({ code: 'not_found' });
    expect(await world.as(mia).failure(resources.get, { id: alone.id })).toMatchObject({ code: 'not_found' });
    const left = await world.as(mia).call(authors.list, { id: both.id });
    expect(left).toEqual([expect.objectContaining({ authorType: 'user', authorId: 'user_mia' })]);
  });

  it('is not deleted where that would write what its owner may not', async () => {
    const ours = await world.aWorkspace(mia, { name: 'Shared' });
    await world.permit({
      subjectType: 'user',
      subjectId: 'user_tom',
      objectType: 'workspace',
      objectId: ours.id,
      action: 'update',
      value: 'allow',
    });
    const toms = await world.aPost(tom, {
      title: 'Toms own',
      authors: [{ authorType: 'workspace', authorId: ours.id }],
    });
    for (const cascade of [false, true]) {
      expect(await world.as(mia).failure(workspaces.delete, { id: ours.id, cascade })).toMatchObject({
        code: 'workspace_in_use',
      });
    }
    expect(await world.as().call(resources.get, { id: toms.id })).toEqual(toms);
  });

  it('with a thousand resources goes in batches, or not at all', async () => {
    const made = await world.aWorkspace(mia, { name: 'Prolific' });
    const author = [{ authorType: 'workspace' as const, authorId: made.id }];
    await world.permit({
      ...{ subjectType: 'user', subjectId: 'user_tom', objectType: 'workspace', objectId: made.id },
      ...{ action: 'update', value: 'allow' },
    });
    await world.database.query(
      `WITH made AS (
         INSERT INTO resources (id, short_id, owner_type, owner_id, type, excerpt, status, author_workspaces, author_users,
           open, created_at, updated_at)
         SELECT gen_random_uuid(), left(md5(n::text), 10), 'user', 'user_mia', 'status', 'x', 'UNLISTED', ARRAY[$1::uuid], '{}', true,
           now(), now() FROM generate_series(1, 1100) n RETURNING id)
       INSERT INTO resource_authors (resource_id, author_type, author_id, accepted_at, position, added_at)
       SELECT id, 'workspace', $1::text, now(), 1, now() FROM made`,
      [made.id],
    );
    const left = async () => {
      const { rows } = await world.database.query(`SELECT FROM resource_authors WHERE author_id = $1`, [
        made.id,
      ]);
      return rows.length;
    };
    const toms = await world.aPost(tom, { title: 'Not yours', authors: author });
    const input = { id: made.id, cascade: true };
    expect((await world.as(mia).failure(workspaces.delete, input)).code).toBe('workspace_in_use');
    expect((await world.as(mia).failure(workspaces.delete, { id: made.id })).code).toBe('workspace_in_use');
    expect(await left()).toBe(1_101);
    await world.as(tom).call(resources.delete, { id: toms.id });
    await world.as(mia).call(workspaces.delete, input);
    expect(await left()).toBe(0);
    expect((await world.as(mia).failure(workspaces.get, { id: made.id })).code).toBe('not_found');
  });

  it('has a theme of a closed form, at most 8 KiB', async () => {
    const made = await world.aWorkspace(mia, { name: 'Themed' });
    const refused = async (themeConfig: object) =>
      (await world.as(mia).failure(workspaces.update, { id: made.id, themeConfig })).code;
    expect(await refused({ accent: '#fff' })).toBe('validation_failed');
    expect(await refused({ colors: { primary: 'red; } body { display: none' } })).toBe('validation_failed');
    expect(await refused({ colors: { primary: { nested: '#fff' } } })).toBe('validation_failed');
    expect(await refused({ layout: { text: 'x'.repeat(2_048) } })).toBe('validation_failed');
    const layout = (n: number) => ({ layout: { [`part${n}`]: 'x'.repeat(1_900) } });
    for (const n of [1, 2, 3, 4]) {
      await world.as(mia).call(workspaces.update, { id: made.id, themeConfig: layout(n) });
    }
    expect(await refused(layout(5))).toBe('validation_failed');
    const cleared = await world.as(mia).call(workspaces.update, { id: made.id, themeConfig: null });
    expect(cleared.themeConfig).toBeNull();
  });

  it('counts what its profile shows, for each as much as he may read', async () => {
    const made = await world.aWorkspace(mia, { name: 'Counted' });
    const authors = [{ authorType: 'workspace' as const, authorId: made.id }];
    const [one] = [await world.aPost(mia, { authors }), await world.aPost(mia, { authors })];
    await world.aPost(mia, { authors, status: 'UNLISTED' });
    await world.aPost(mia, { authors, publishAt: null });
    const status = { type: 'status' as const, status: 'LISTED' as const, excerpt: 'Hello' };
    await world.as(mia).call(resources.create, status, { actAs: made.id });
    const stats = async (caller?: Caller, options?: { consistency: number }) =>
      (await world.as(caller).call(workspaces.get, { id: made.id, include: ['stats'] }, options)).stats;
    const resourcesOf = (post: number) => [
      { type: 'post', count: post },
      { type: 'status', count: 1 },
    ];
    expect(await stats()).toEqual({ resources: resourcesOf(2), clicks: null });
    expect(await stats(mia)).toEqual({ resources: resourcesOf(2), clicks: 0 });
    const consistency = await world.permit({
      ...{ subjectType: 'user', subjectId: 'user_tom', objectType: 'resource', objectId: one.id },
      ...{ action: 'read', value: 'deny' },
    });
    expect(await stats(tom, { consistency })).toEqual({ resources: resourcesOf(1), clicks: null });
    const bySlug = { slug: made.slug, include: ['stats' as const, 'links' as const] };
    const shown = await world.as(mia).call(workspaces.getBySlug, bySlug);
    expect(shown).toMatchObject({ links: [], stats: { resources: resourcesOf(2), clicks: 0 } });
  });

  it('is listed by name and by age, in pages both ways', async () => {
    const anna = world.user('anna');
    for (const name of ['delta', 'Alpha', 'charlie', 'Bravo']) await world.aWorkspace(anna, { name });
    const list = (input: object) =>
      world.as().call(workspaces.list, { ownerId: ['user_anna'], ownerType: ['user'], ...input });
    const names = async (input: object) => (await list(input)).data.map(({ name }) => name);
    expect(await names({ sort: 'name' })).toEqual(['Alpha', 'Bravo', 'charlie', 'delta']);
    expect(await names({})).toEqual(['Bravo', 'charlie', 'Alpha', 'delta']);
    const first = await list({ sort: '-name', limit: 3 });
    expect(first.data.map(({ name }) => name)).toEqual(['delta', 'charlie', 'Bravo']);
    const second = await list({ sort: '-name', limit: 3, after: first.meta.after });
    expect(second.data.map(({ name }) => name)).toEqual(['Alpha']);
    const back = await list({ sort: '-name', limit: 3, before: second.meta.before });
    expect(back.data).toEqual(first.data);
    const counted = await world
      .as(anna)
      .call(workspaces.list, { ownerId: ['user_anna'], count: 'exact', limit: 1 });
    expect(counted.meta.total).toBe(4);
    expect((await list({ count: 'exact' })).meta).not.toHaveProperty('total');
  });
});
