import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { authors } from '@erato/contracts/content/author';
import { resources } from '@erato/contracts/content/resource';
import type { Caller } from '@erato/contracts/kit/context';
import { World } from './world.js';

let world: World;
let mia: Caller;
let tom: Caller;
let eve: Caller;
beforeAll(async () => {
  world = await World.start();
  [mia, tom, eve] = [world.user('mia'), world.user('tom'), world.user('eve')];
}, 60_000);
afterAll(() => world.close());

const user = (authorId: string) => ({ authorType: 'user' as const, authorId });
const workspace = (authorId: string) => ({ authorType: 'workspace' as const, authorId });
const shown = async (caller: Caller | undefined, id: string) =>
  (await world.as(caller).call(authors.list, { id })).map(({ authorId, acceptedAt }) => [
    authorId,
    acceptedAt !== null,
  ]);

describe('authors', () => {
  it('who are named stay pending until they accept, and may then update', async () => {
    const { id } = await world.aPost(mia, { title: 'Together' });
    const added = await world.as(mia).call(authors.add, { id, ...user('user_tom'), role: 'engineer' });
    expect(added).toMatchObject({ role: 'engineer', position: 2, acceptedAt: null });
    expect(await shown(undefined, id)).toEqual([['user_mia', true]]);
    expect(await shown(eve, id)).toEqual([['user_mia', true]]);
    const both = [
      ['user_mia', true],
      ['user_tom', false],
    ];
    expect(await shown(mia, id)).toEqual(both);
    expect(await shown(tom, id)).toEqual(both);
    expect((await world.as(tom).failure(resources.update, { id, title: 'x' })).code).toBe(
      'permission_denied',
    );
    expect(await world.as(eve).failure(authors.accept, { id })).toMatchObject({ code: 'not_found' });
    const accepted = await world.as(tom).call(authors.accept, { id });
    expect(accepted.acceptedAt).not.toBeNull();
    expect(await world.as(tom).call(authors.accept, { id })).toEqual(accepted);
    expect(await shown(undefined, id)).toEqual([
      ['user_mia', true],
      ['user_tom', true],
    ]);
    expect(await world.as(tom).call(resources.update, { id, title: 'By Tom' })).toMatchObject({ version: 4 });
    expect((await world.as(tom).failure(resources.delete, { id })).code).toBe('permission_denied');
  });

  it('who were named of a draft can accept it without reading it before', async () => {
    const { id } = await world.aPost(mia, {
      title: 'Secret draft',
      publishAt: null,
      authors: [user('user_mia'), user('user_tom')],
    });
    expect((await world.as(tom).failure(resources.get, { id })).code).toBe('not_found');
    await world.as(tom).call(authors.accept, { id });
    expect((await world.as(tom).call(resources.get, { id })).title).toBe('Secret draft');
    expect(await world.titles(tom, { q: 'secret draft' })).toEqual(['Secret draft']);
    expect(await world.titles(eve, { q: 'secret draft' })).toEqual([]);
  });

  it('are named only by who may, and workspaces only by who may update them', async () => {
    const ours = await world.aWorkspace(mia, { name: 'Ours' });
    const { id } = await world.aPost(tom, { title: 'Toms' });
    const refuse = async (caller: Caller, named: object) =>
      (await world.as(caller).failure(authors.add, { id, ...named } as never)).code;
    expect(await refuse(mia, workspace(ours.id))).toBe('permission_denied');
    expect(await refuse(tom, workspace(ours.id))).toBe('author_not_allowed');
    expect(await refuse(tom, workspace(crypto.randomUUID()))).toBe('author_not_allowed');
    expect(await refuse(tom, workspace('nonsense'))).toBe('author_not_allowed');
    expect(await refuse(tom, user('user_tom'))).toBe('author_exists');
    expect(await refuse(tom, user('user_nobody'))).toBe('validation_failed');
    const status = await world.as(tom).call(resources.create, { type: 'status', excerpt: 'x' });
    const fixed = await world.as(tom).failure(authors.add, { id: status.id, ...user('user_mia') });
    expect(fixed.code).toBe('author_fixed');
  });

  it('close a resource with a private workspace, and open it when that leaves', async () => {
    const open = await world.aWorkspace(mia, { name: 'Open' });
    const closed = await world.aWorkspace(mia, { name: 'Closed', visibility: 'private' });
    const { id } = await world.aPost(mia, { title: 'Door', authors: [workspace(open.id)] });
    expect(await world.titles(undefined, { q: 'door' })).toEqual(['Door']);
    await world.as(mia).call(authors.add, { id, ...workspace(closed.id) });
    expect((await world.as(tom).failure(resources.get, { id })).code).toBe('not_found');
    expect(await world.titles(undefined, { q: 'door' })).toEqual([]);
    await world.as(mia).call(authors.remove, { id, ...workspace(closed.id) });
    expect(await world.titles(tom, { q: 'door' })).toEqual(['Door']);
  });

  it('may leave, but not the last of them', async () => {
    const { id } = await world.aPost(mia, { title: 'Leave', authors: [user('user_mia'), user('user_tom')] });
    expect((await world.as(mia).failure(authors.remove, { id, ...user('user_mia') })).code).toBe(
      'last_author',
    );
    await world.as(tom).call(authors.remove, { id, ...user('user_tom') });
    expect(await shown(mia, id)).toEqual([['user_mia', true]]);
    expect((await world.as(tom).failure(authors.remove, { id, ...user('user_mia') })).code).toBe(
      'permission_denied',
    );
    expect((await world.as(mia).failure(authors.remove, { id, ...user('user_eve') })).code).toBe('not_found');
  });

  it('are at most 20', async () => {
    const many = Array.from({ length: 20 }, (_, n) => world.user(`many${n}`).subjectId);
    const { id } = await world.aPost(mia, {
      title: 'Crowd',
      authors: [user('user_mia'), ...many.slice(1).map(user)],
    });
    const failure = await world.as(mia).failure(authors.add, { id, ...user('user_tom') });
    expect(failure.code).toBe('too_many_authors');
  });
});
