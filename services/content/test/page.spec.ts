import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { pages } from '@erato/contracts/content/page';
import { authors } from '@erato/contracts/content/author';
import { resources, type CreateResource } from '@erato/contracts/content/resource';
import { tracks } from '@erato/contracts/content/track';
import { workspaces } from '@erato/contracts/content/workspace';
import { workspaceLinks } from '@erato/contracts/content/link';
import type { Caller } from '@erato/contracts/kit/context';
import { asService, failureOf } from '@erato/testing/client';
import { settle } from '@erato/testing/settle';
import { World } from './world.js';

let world: World;
let mia: Caller;
let gateway: Awaited<ReturnType<typeof asService>>;

beforeAll(async () => {
  world = await World.start();
  mia = world.user('mia');
  gateway = await asService(world.infra, 'gateway');
}, 60_000);
afterAll(async () => {
  await gateway.close();
  await world.close();
});

const spotify = { url: 'https://open.spotify.com/album/1' };
const by = (...ids: string[]) => ids.map((authorId) => ({ authorType: 'workspace' as const, authorId }));
const workspacePage = (slug: string, more: { limit?: number; after?: string; before?: string } = {}) =>
  gateway.call(pages.workspace, { slug, ...more });
const resourcePage = (shortId: string) => gateway.call(pages.resource, { shortId });

describe('the page of a workspace', () => {
  it('holds it, its links and what it lists, newest first, page by page', async () => {
    const made = await world.aWorkspace(mia, { name: 'Polar Night' });
    await world.as(mia).call(workspaceLinks.replace, { id: made.id, links: [spotify] });
    for (const title of ['One', 'Two', 'Three']) await world.aPost(mia, { title, authors: by(made.id) });
    const first = await workspacePage('polar-night', { limit: 2 });
    expect(first.workspace).toMatchObject({ id: made.id, name: 'Polar Night', slug: 'polar-night' });
    expect(first.workspace.links).toEqual([
      expect.objectContaining({ position: 1, name: 'Spotify', ...spotify }),
    ]);
    expect(first.entries.data.map(({ title }) => title)).toEqual(['Three', 'Two']);
    expect(first.entries.meta.before).toBeNull();
    const after = first.entries.meta.after ?? '';
    const second = await workspacePage('polar-night', { limit: 2, after });
    expect(second.entries.data.map(({ title }) => title)).toEqual(['One']);
    const back = await workspacePage('polar-night', { limit: 2, before: second.entries.meta.before ?? '' });
    expect(back.entries.data).toEqual(first.entries.data);
    expect(await failureOf(workspacePage('polar-night', { after: 'nonsense' }))).toMatchObject({
      code: 'cursor_invalid',
    });
  });

  it('has neither drafts nor what is unlisted, and is not there where the workspace is closed', async () => {
    const made = await world.aWorkspace(mia, { name: 'Quiet' });
    const authors = by(made.id);
    await world.aPost(mia, { title: 'Shown', authors });
    await world.aPost(mia, { title: 'Draft', authors, publishAt: null });
    await world.aPost(mia, { title: 'Later', authors, publishAt: '2099-01-01T00:00:00.000Z' });
    await world.aPost(mia, { title: 'Unlisted', authors, status: 'UNLISTED' });
    const titles = (await workspacePage('quiet')).entries.data.map(({ title }) => title);
    expect(titles).toEqual(['Shown']);
    const feed = await gateway.call(pages.feed, { slug: 'quiet' });
    expect(feed.entries.data.map(({ title }) => title)).toEqual(['Shown']);
    await world.as(mia).call(workspaces.update, { id: made.id, visibility: 'private' });
    for (const slug of ['quiet', 'nobody-has-this']) {
      expect(await failureOf(workspacePage(slug))).toMatchObject({ code: 'not_found' });
      expect(await failureOf(gateway.call(pages.feed, { slug }))).toMatchObject({ code: 'not_found' });
    }
  });

  it('gives the feed each body that it can carry', async () => {
    const made = await world.aWorkspace(mia, { name: 'Loud' });
    const authors = by(made.id);
    await world.aPost(mia, { title: 'Long', authors, post: { body: 'word '.repeat(12_000) } });
    await world.aPost(mia, { title: 'Short', authors, post: { body: 'It is **out**.' } });
    const { entries } = await gateway.call(pages.feed, { slug: 'loud' });
    expect(entries.data.map(({ title, bodyHtml }) => [title, bodyHtml])).toEqual([
      ['Short', '<p>It is <strong>out</strong>.</p>'],
      ['Long', null],
    ]);
  });
});

describe('the page of a resource', () => {
  it('holds it with authors and links; what is unlisted is reachable, a draft is not', async () => {
    const themeConfig = { colors: { primary: '#e4572e' } };
    const made = await world.aWorkspace(mia, { name: 'Night Ferry', themeConfig });
    const post = await world.aPost(mia, { status: 'UNLISTED', authors: by(made.id), links: [spotify] });
    const page = await resourcePage(post.shortId);
    expect(page.resource).toMatchObject({ id: post.id, post: { bodyHtml: expect.any(String) } });
    expect(page.authors).toEqual([
      expect.objectContaining({ id: made.id, name: 'Night Ferry', slug: 'night-ferry', themeConfig }),
    ]);
    expect(page.resource.links).toEqual([expect.objectContaining({ position: 1, name: 'Spotify' })]);
    const draft = await world.aPost(mia, { publishAt: null, authors: by(made.id) });
    for (const shortId of [draft.shortId, 'XXXXXXXXXX']) {
      expect(await failureOf(resourcePage(shortId))).toMatchObject({ code: 'not_found' });
    }
    await world.as(mia).call(resources.update, { id: draft.id, publishAt: '2020-01-01T00:00:00.000Z' });
    expect((await resourcePage(draft.shortId)).resource.id).toBe(draft.id);
  });

  it('does not name a workspace that guests may not see, where what it made is opened to them', async () => {
    const open = await world.aWorkspace(mia, { name: 'Open' });
    const closed = await world.aWorkspace(mia, { name: 'Closed', visibility: 'private' });
    const post = await world.aPost(mia, { authors: by(closed.id, open.id) });
    expect(await failureOf(resourcePage(post.shortId))).toMatchObject({ code: 'not_found' });
    await world.permit({
      subjectType: 'static',
      subjectId: 'guest',
      objectType: 'resource',
      objectId: post.id,
      action: 'read',
      value: 'allow',
    });
    const page = await settle(() => resourcePage(post.shortId));
    expect(page.authors.map(({ name }) => name)).toEqual(['Open']);
  });

  it('names users who have a handle, in their place among the authors, once they have accepted', async () => {
    const workspace = await world.aWorkspace(mia, { name: 'Duo' });
    const [ivo, eva, noor] = [world.user('ivo'), world.user('eva'), world.user('noor')];
    world.names.set('user_ivo', { handle: 'ivo', displayName: 'Ivo <b>', avatarUrl: null });
    world.names.set('user_eva', { handle: 'eva', displayName: null, avatarUrl: null });
    const named = [ivo, eva, noor].map(({ subjectId: authorId }) => ({
      authorType: 'user' as const,
      authorId,
    }));
    const [first, ...others] = named;
    const post = await world.aPost(mia, {
      authors: [...(first ? [first] : []), ...by(workspace.id), ...others],
    });
    expect((await resourcePage(post.shortId)).authors.map(({ name }) => name)).toEqual(['Duo']);
    for (const user of [ivo, eva, noor]) await world.as(user).call(authors.accept, { id: post.id });
    const page = await resourcePage(post.shortId);
    expect(page.authors.map(({ type, name, slug }) => [type, name, slug])).toEqual([
      ['user', 'Ivo <b>', null],
      ['workspace', 'Duo', 'duo'],
      ['user', '@eva', null],
    ]);
  });

  it('names the listed albums of the same people on which a song stands, newest first', async () => {
    const [eva, mine] = [world.user('eva'), await world.aWorkspace(mia, { name: 'Mine' })];
    const theirs = await world.aWorkspace(eva, { name: 'Theirs' });
    const song = await world.as(mia).call(resources.create, {
      type: 'song',
      title: 'A song',
      song: { duration: 1 },
      authors: by(mine.id),
    });
    const closed = await world.aWorkspace(mia, { name: 'Shut', visibility: 'private' });
    const put = async (caller: Caller, more: Partial<CreateResource>) => {
      const album: CreateResource = { type: 'album', title: 'x', status: 'LISTED', album: {}, ...more };
      const { id } = await world.as(caller).call(resources.create, album);
      await world.as(caller).call(tracks.set, { id, tracks: [{ songId: song.id, trackNumber: 1 }] });
      return id;
    };
    await put(mia, { title: 'First', authors: by(mine.id) });
    await put(mia, { title: 'Hidden', authors: by(mine.id), status: 'UNLISTED' });
    await put(mia, { title: 'Later', authors: by(mine.id), publishAt: null });
    await put(mia, { title: 'Closed', authors: by(closed.id) });
    await put(eva, { title: 'A stranger’s', authors: by(theirs.id) });
    const denied = await put(mia, { title: 'Denied', authors: by(mine.id) });
    await put(mia, { title: 'Of hers alone' });
    await world.permit({
      ...{ subjectType: 'static', subjectId: 'guest', objectType: 'resource', objectId: denied },
      ...{ action: 'read', value: 'deny' },
    });
    const titles = async () => (await resourcePage(song.shortId)).albums.map(({ title }) => title);
    await settle(async () => !(await titles()).includes('Denied'));
    expect(await titles()).toEqual(['Of hers alone', 'First']);
    for (let at = 0; at < 12; at++) await put(mia, { title: `Single ${String(at)}`, authors: by(mine.id) });
    expect(await titles()).toHaveLength(10);
    expect((await titles())[0]).toBe('Single 11');
  });
});
