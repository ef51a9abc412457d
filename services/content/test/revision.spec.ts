import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { authors } from '@erato/contracts/content/author';
import { authorAdded, authorRemoved, resourceUpdated } from '@erato/contracts/content/events';
import { resourceLinks } from '@erato/contracts/content/link';
import { posts } from '@erato/contracts/content/post';
import { resources } from '@erato/contracts/content/resource';
import { revisions, type RestoreRevision, type Revision } from '@erato/contracts/content/revision';
import { tracks } from '@erato/contracts/content/track';
import { workspaces } from '@erato/contracts/content/workspace';
import type { Page } from '@erato/contracts/kit/call';
import type { Caller } from '@erato/contracts/kit/context';
import { asService } from '@erato/testing/client';
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

const history = async (id: string, caller = mia) =>
  (await world.as(caller).call(revisions.list, { id, limit: 100 })).data;
const restore = (input: RestoreRevision, caller = mia) => world.as(caller).call(revisions.restore, input);
const user = (authorId: string) => ({ authorType: 'user' as const, authorId });

const aSong = (caller: Caller, title: string, more: object = {}) =>
  world.as(caller).call(resources.create, { type: 'song', title, song: { duration: 9 }, ...more });

describe('a revision', () => {
  it('is left by every write, with all that the resource was', async () => {
    const { id } = await world.aPost(mia, {
      title: 'One',
      post: { body: 'first' },
      links: [{ url: 'https://tidal.com/a' }],
    });
    await world.as(mia).call(resources.update, { id, title: 'Two', excerpt: 'mine' });
    await world.as(mia).call(posts.put, { id, body: 'second' });
    await world.as(mia).call(resourceLinks.replace, { id, links: [] });
    await world.as(mia).call(authors.add, { id, ...user('user_tom'), role: 'engineer' });
    await world.as(tom).call(authors.accept, { id });
    await world.as(tom).call(resources.update, { id, status: 'UNLISTED' });
    const found = await history(id);
    expect(found.map(({ version, editedBy }) => [version, editedBy])).toEqual([
      [6, 'user:user_tom'],
      [4, 'user:user_mia'],
      [3, 'user:user_mia'],
      [2, 'user:user_mia'],
      [1, 'user:user_mia'],
    ]);
    const me = { ...user('user_mia'), role: null };
    const link = { url: 'https://tidal.com/a', name: 'Tidal', icon: 'simple-icons:tidal', kind: 'stream' };
    const rest = { status: 'LISTED', publishAt: null };
    const post = { body: 'first', featuredImage: null };
    expect(found.map(({ snapshot }) => snapshot).reverse()).toEqual([
      { ...rest, title: 'One', excerpt: null, post, authors: [me], links: [link] },
      { ...rest, title: 'Two', excerpt: 'mine', post, authors: [me], links: [link] },
      {
        ...rest,
        title: 'Two',
        excerpt: 'mine',
        post: { ...post, body: 'second' },
        authors: [me],
        links: [link],
      },
      { ...rest, title: 'Two', excerpt: 'mine', post: { ...post, body: 'second' }, authors: [me], links: [] },
      {
        ...{ ...rest, title: 'Two', excerpt: 'mine', post: { ...post, body: 'second' }, links: [] },
        authors: [me, { ...user('user_tom'), role: 'engineer' }],
      },
    ]);
    const { updatedAt } = await world.as(mia).call(resources.get, { id });
    expect(Math.abs(Date.parse(found[0]?.editedAt ?? '') - Date.parse(updatedAt))).toBeLessThan(1_000);
  });

  it('is left by nothing that changes nothing', async () => {
    const { id } = await world.aPost(mia, { title: 'Quiet' });
    await world.as(mia).call(resources.update, { id });
    await world.as(mia).failure(resources.update, { id, title: 'x' }, { ifMatch: [9] });
    await world.as(mia).failure(resources.update, { id, post: { featuredImage: 'https://%%' } });
    await world.as(mia).failure(authors.remove, { id, ...user('user_mia') });
    expect(await history(id)).toEqual([]);
  });

  it('is for those alone who may update', async () => {
    const open = await world.aPost(mia, { title: 'Open' });
    const draft = await world.aPost(mia, { title: 'Draft', publishAt: null });
    for (const { id } of [open, draft]) await world.as(mia).call(resources.update, { id, title: 'Other' });
    for (const [{ id }, code] of [
      [open, 'permission_denied'],
      [draft, 'not_found'],
    ] as const) {
      expect((await world.as(tom).failure(revisions.list, { id })).code).toBe(code);
      expect((await world.as(tom).failure(revisions.restore, { id, version: 1 })).code).toBe(code);
    }
    const nothing = { id: crypto.randomUUID(), version: 1 };
    expect((await world.as(mia).failure(revisions.restore, nothing)).code).toBe('not_found');
    expect((await world.as(mia).failure(revisions.restore, { id: open.id, version: 7 })).code).toBe(
      'not_found',
    );
  });

  it('comes in pages, of long texts in shorter ones, and the newest 200 are kept', async () => {
    const { id } = await world.aPost(mia, { title: '0' });
    for (let n = 1; n <= 203; n++) await world.as(mia).call(resources.update, { id, title: String(n) });
    expect(await history(id)).toHaveLength(100);
    const all: number[] = [];
    let after: string | null = null;
    do {
      const page: Page<Revision> = await world
        .as(mia)
        .call(revisions.list, { id, limit: 90, ...(after ? { after } : {}) });
      all.push(...page.data.map(({ version }) => version));
      ({ after } = page.meta);
    } while (after !== null);
    expect(all).toEqual(Array.from({ length: 200 }, (_, n) => 203 - n));

    const long = await world.aPost(mia, { title: 'Long', post: { body: 'ü'.repeat(100_000) } });
    for (let n = 1; n <= 12; n++)
      await world.as(mia).call(resources.update, { id: long.id, title: `Long ${n}` });
    const first = await world.as(mia).call(revisions.list, { id: long.id, limit: 20 });
    expect(first.data).toHaveLength(5);
    expect(first.meta).toMatchObject({ limit: 20, before: null });
    const second = await world
      .as(mia)
      .call(revisions.list, { id: long.id, limit: 20, after: first.meta.after ?? '' });
    expect(second.data.map(({ version }) => version)).toEqual([7, 6, 5, 4, 3]);
    const back = await world
      .as(mia)
      .call(revisions.list, { id: long.id, limit: 20, before: second.meta.before ?? '' });
    expect(back.data).toEqual(first.data);
  }, 60_000);
});

describe('restoring', () => {
  it('is an update: fields and part as they were, a new version, a revision and an event', async () => {
    const { id } = await world.aPost(mia, { title: 'Was', post: { body: '**was**' } });
    const now = { title: 'Is', status: 'UNLISTED' as const, excerpt: 'given', post: { body: 'is' } };
    await world.as(mia).call(resources.update, { id, ...now });
    const stale = await world.as(mia).failure(revisions.restore, { id, version: 1 }, { ifMatch: [1] });
    expect(stale.code).toBe('precondition_failed');
    const authz = await asService(world.infra, 'authz');
    const told: [string, number][] = [];
    authz.bus.connection.subscribe('event.content.resource.*', {
      callback: (_, message) => {
        const { type, data } = message.json<{ type: string; data: { version: number } }>();
        told.push([type, data.version]);
      },
    });
    const restored = await restore({ id, version: 1 });
    expect(restored).toMatchObject({
      title: 'Was',
      excerpt: 'was',
      status: 'UNLISTED',
      version: 3,
      post: { body: '**was**', bodyHtml: '<p><strong>was</strong></p>' },
    });
    expect(await world.as(mia).call(resources.get, { id })).toEqual(restored);
    await settle(() => told.some(([, version]) => version === 3));
    expect(told.filter(([, version]) => version === 3)).toEqual([[resourceUpdated.name, 3]]);
    await authz.close();
    expect((await history(id)).map(({ version }) => version)).toEqual([2, 1]);
    // And back again.
    expect(await restore({ id, version: 2 })).toMatchObject({
      title: 'Is',
      excerpt: 'given',
      post: { body: 'is' },
    });
  });

  it('works for every type that has a part', async () => {
    const made = [
      await aSong(mia, 'Song', { song: { duration: 1, genre: 'Dub', isrc: 'DE-A01-25-00042' } }),
      await world
        .as(mia)
        .call(resources.create, { type: 'album', title: 'Album', album: { upc: '4006381333931' } }),
      await world.as(mia).call(resources.create, {
        type: 'artwork',
        title: 'Artwork',
        artwork: { imageUrl: 'https://cdn.example.com/a.png', year: 2025 },
      }),
      await world.as(mia).call(resources.create, {
        type: 'press-release',
        title: 'Press',
        pressRelease: { body: 'x', contact: 'y' },
      }),
    ];
    const patches = [
      { song: { duration: 2, genre: null, isrc: null } },
      { album: { upc: null } },
      { artwork: { imageUrl: 'https://cdn.example.com/b.png', year: null } },
      { pressRelease: { body: 'z', contact: null } },
    ];
    for (const [at, was] of made.entries()) {
      await world.as(mia).call(resources.update, { id: was.id, ...patches[at] });
      const restored = await restore({ id: was.id, version: 1, only: ['fields'] });
      expect(restored).toEqual({ ...was, version: 3, updatedAt: restored.updatedAt });
    }
    const status = await world
      .as(mia)
      .call(resources.create, { type: 'status', excerpt: 'was', status: 'LISTED' });
    await world.as(mia).call(resources.update, { id: status.id, excerpt: 'is' });
    expect(await restore({ id: status.id, version: 1 })).toMatchObject({
      excerpt: 'was',
      title: null,
      version: 3,
    });
  });

  it('names authors again, with their consent, and links in their order', async () => {
    const uma = world.user('uma');
    const made = await world.aPost(mia, {
      title: 'Together',
      authors: [user('user_mia'), { ...user('user_tom'), role: 'composer' }, user('user_uma')],
      links: [{ url: 'https://a.example/' }, { url: 'https://b.example/' }],
    });
    const { id } = made;
    for (const caller of [tom, uma]) await world.as(caller).call(authors.accept, { id });
    await world.as(mia).call(resourceLinks.replace, { id, links: [{ url: 'https://b.example/' }] });
    await world.as(mia).call(authors.remove, { id, ...user('user_tom') });
    const late = world.user('late');
    await world.as(mia).call(authors.add, { id, ...user('user_late') });
    await world.as(late).call(authors.accept, { id });
    const authz = await asService(world.infra, 'authz');
    const told: [string, string, boolean][] = [];
    authz.bus.connection.subscribe('event.content.author.*', {
      callback: (_, message) => {
        const { type, data } = message.json<{
          type: string;
          data: { authorId: string; acceptedAt: unknown };
        }>();
        told.push([type, data.authorId, data.acceptedAt !== null]);
      },
    });
    await restore({ id, version: 3 });
    // Those of what was done before may still be on their way when listening begins.
    await settle(() => told.some((each) => each[0] === authorRemoved.name));
    await authz.close();
    expect(told.slice(-2)).toEqual([
      [authorAdded.name, 'user_tom', false],
      [authorRemoved.name, 'user_late', true],
    ]);
    const credited = await world.as(mia).call(authors.list, { id });
    expect(credited.map(({ authorId, role, acceptedAt }) => [authorId, role, acceptedAt !== null])).toEqual([
      ['user_mia', null, true],
      ['user_tom', 'composer', false],
      ['user_uma', null, true],
    ]);
    const links = await world.as(mia).call(resourceLinks.list, { id });
    expect(links.map(({ url }) => url)).toEqual(['https://a.example/', 'https://b.example/']);
    expect((await world.as(late).failure(resources.update, { id, title: 'x' })).code).toBe(
      'permission_denied',
    );
  });

  it('says what cannot come back, changes nothing then, and can leave it out', async () => {
    const { id: workspace } = await world.aWorkspace(mia, { name: 'Going away' });
    const gone = { authorType: 'workspace' as const, authorId: workspace };
    const { id } = await world.aPost(mia, { title: 'Was', authors: [user('user_mia'), gone] });
    await world.as(mia).call(authors.remove, { id, ...gone });
    await world.as(mia).call(workspaces.delete, { id: workspace });
    const standing = await world.as(mia).call(resources.update, { id, title: 'Is' });
    const failure = await world.as(mia).failure(revisions.restore, { id, version: 1 });
    expect(failure).toMatchObject({
      code: 'not_restorable',
      errors: [expect.objectContaining({ path: 'authors.1', code: 'author_not_allowed' })],
    });
    expect(await world.as(mia).call(resources.get, { id })).toEqual(standing);
    const only = ['fields' as const, 'links' as const];
    expect(await restore({ id, version: 1, only })).toMatchObject({ title: 'Was', version: 4 });
    const fixed = await world.aPost(tom, { title: 'Of Tom', authors: [user('user_tom'), user('user_mia')] });
    await world.as(mia).call(authors.accept, { id: fixed.id });
    await world.as(tom).call(resources.update, { id: fixed.id, title: 'Other' });
    const links = await restore({ id: fixed.id, version: 2, only: ['links'] });
    expect(links).toMatchObject({ title: 'Other', version: 4 });
  });

  it('brings an album’s tracks back, but for what is gone or may not be read', async () => {
    const album = await world.as(mia).call(resources.create, {
      type: 'album',
      title: 'Album',
      authors: [user('user_mia'), user('user_tom')],
    });
    const { id } = album;
    await world.as(tom).call(authors.accept, { id });
    const [a, b, hidden] = [
      await aSong(mia, 'A'),
      await aSong(mia, 'B'),
      await aSong(mia, 'H', { publishAt: null }),
    ];
    const given = [a, b, hidden].map((song, at) => ({ songId: song.id, trackNumber: at + 1 }));
    await world.as(mia).call(tracks.set, { id, tracks: given });
    await world.as(mia).call(tracks.set, { id, tracks: [] });
    const seen = async (caller: Caller) =>
      (await history(id, caller))[0]?.snapshot.tracks?.map(({ songId }) => songId);
    expect(await seen(mia)).toEqual([a.id, b.id, hidden.id]);
    expect(await seen(tom)).toEqual([a.id, b.id]);
    const unread = await world.as(tom).failure(revisions.restore, { id, version: 3 });
    expect(unread).toMatchObject({
      code: 'not_restorable',
      errors: [{ path: 'tracks.2.songId', code: 'unknown_song' }],
    });
    expect(JSON.stringify(unread)).not.toContain(hidden.id);
    await restore({ id, version: 3 });
    const back = await world.as(mia).call(tracks.list, { id });
    expect(back.map(({ songId, trackNumber }) => ({ songId, trackNumber }))).toEqual(given);
    // What stands on it already may stay, also where who restores may not read it.
    await restore({ id, version: 3 }, tom);
    await world.as(mia).call(resources.delete, { id: b.id });
    const failure = await world.as(mia).failure(revisions.restore, { id, version: 3, only: ['tracks'] });
    expect(failure.errors).toEqual([
      expect.objectContaining({ path: 'tracks.1.songId', code: 'unknown_song' }),
    ]);
    expect(await world.as(mia).call(tracks.list, { id })).toHaveLength(2);
  });

  it('at once with other updates leaves one version after the other', async () => {
    const { id } = await world.aPost(mia, { title: 'A' });
    await world.as(mia).call(resources.update, { id, title: 'B' });
    await Promise.all([
      restore({ id, version: 1 }),
      world.as(mia).call(resources.update, { id, post: { body: 'other' } }),
      restore({ id, version: 1, only: ['fields'] }),
    ]);
    expect((await world.as(mia).call(resources.get, { id })).version).toBe(5);
    expect((await history(id)).map(({ version }) => version)).toEqual([4, 3, 2, 1]);
  });
});
