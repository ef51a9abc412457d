import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { search, type Search } from '@erato/contracts/content/search';
import { resources } from '@erato/contracts/content/resource';
import { workspaces } from '@erato/contracts/content/workspace';
import type { Caller } from '@erato/contracts/kit/context';
import type { CallOptions } from '@erato/testing/client';
import { World } from './world.js';

let world: World;
let mia: Caller;
let tom: Caller;
beforeAll(async () => {
  world = await World.start();
  [mia, tom] = [world.user('mia'), world.user('tom')];
}, 60_000);
afterAll(() => world.close());

const find = (input: Search, caller?: Caller, options?: CallOptions) =>
  world.as(caller).call(search.find, input, options);
const titles = async (q: string, more: Partial<Search> = {}, caller?: Caller, options?: CallOptions) =>
  (await find({ q, ...more }, caller, options)).data.map(({ title, excerpt }) => title ?? excerpt);

describe('search', () => {
  it.each([
    ['Björk', ['bjork', 'BJÖRK', 'björ', 'bjrk', 'bjorck']],
    ['Sigur Rós', ['sigur ros', 'ros sig', 'Siggur Ros', 'rós']],
    ['Motörhead', ['motorhead', 'motor', 'mötorheed', 'motohead']],
    ['Røyksopp & Größe', ['royksopp', 'grosse', 'größe royk']],
    ['AC/DC Live', ['ac dc', 'acdc live'.slice(2), 'dc live']],
    ['Кино', ['кино', 'КИ', 'Кино']],
    ['東京事変', ['東京', '東京事変']],
  ])('finds %j', async (name, questions) => {
    await world.aWorkspace(mia, { name });
    for (const q of questions) expect([q, await titles(q)]).toEqual([q, expect.arrayContaining([name])]);
    expect(await titles('xylophonist')).not.toContain(name);
  });

  it('gives what a list of results shows', async () => {
    const workspace = await world.aWorkspace(mia, {
      ...{ name: 'Zephyrine', description: 'A quartet.', kind: 'label' },
      avatarUrl: 'https://cdn.example.com/z.jpg',
    });
    const album = await world.as(mia).call(resources.create, {
      ...{ type: 'album', title: 'Zephyrine nights', status: 'LISTED', excerpt: 'Ten songs.' },
      album: { coverArtUrl: 'https://cdn.example.com/cover.jpg' },
    });
    const { data, meta } = await find({ q: 'zephyrine' });
    expect(data).toEqual([
      {
        ...{ type: 'workspace', id: workspace.id, title: 'Zephyrine', excerpt: 'A quartet.' },
        ...{ resourceType: null, kind: 'label', slug: 'zephyrine', shortId: null },
        ...{ imageUrl: 'https://cdn.example.com/z.jpg', publishedAt: null, score: 1_100 },
      },
      {
        ...{ type: 'resource', id: album.id, title: 'Zephyrine nights', excerpt: 'Ten songs.' },
        ...{ resourceType: 'album', kind: null, slug: null, shortId: album.shortId },
        ...{ imageUrl: 'https://cdn.example.com/cover.jpg', publishedAt: album.publishedAt, score: 900 },
      },
    ]);
    expect(meta).toEqual({ limit: 20, after: null, before: null });
  });

  it('ranks the title before its words, its words before the text, and the text before what is alike', async () => {
    const post = (title: string, excerpt = 'Nothing.') => world.aPost(mia, { title, excerpt });
    for (const title of ['Quasarly', 'The quasar', 'Quasar two', 'Quaser', 'Quasar']) await post(title);
    await post('Other', 'About a quasar.');
    expect(await titles('quasar')).toEqual([
      ...['Quasar', 'Quasar two', 'Quasarly', 'The quasar', 'Other', 'Quaser'],
    ]);
    expect(await titles('a quasar')).toEqual(expect.arrayContaining(['Other']));
  });

  it('shows nobody what he may not read', async () => {
    const closed = await world.aWorkspace(mia, { name: 'Umbrageous', visibility: 'private' });
    const authors = [{ authorType: 'workspace' as const, authorId: closed.id }];
    await world.aPost(mia, { title: 'Umbrageous inside', authors });
    const open = await world.aPost(mia, { title: 'Umbrageous open' });
    await world.aPost(mia, { title: 'Umbrageous draft', publishAt: null });
    await world.aPost(mia, { title: 'Umbrageous unlisted', status: 'UNLISTED' });
    const all = ['Umbrageous', 'Umbrageous open', 'Umbrageous inside'].sort();
    const sorted = async (caller?: Caller, options?: CallOptions) =>
      (await titles('umbrageous', {}, caller, options)).sort();
    expect(await sorted()).toEqual(['Umbrageous open']);
    expect(await sorted(tom)).toEqual(['Umbrageous open']);
    expect(await sorted(mia)).toEqual(all);
    const row = { subjectType: 'user', subjectId: 'user_tom', action: 'read' } as const;
    const on = (objectType: string, objectId: string) => ({ ...row, objectType, objectId });
    await world.permit({ ...on('workspace', closed.id), value: 'allow' });
    const consistency = await world.permit({ ...on('resource', open.id), value: 'deny' });
    expect(await sorted(tom, { consistency })).toEqual(['Umbrageous', 'Umbrageous inside']);
    const narrow = (ids: string[]) => ({ ...mia, ceiling: { workspace: { actions: ['read'], ids } } });
    expect(await sorted(narrow([closed.id]))).toEqual(['Umbrageous', 'Umbrageous inside']);
    expect(await sorted(narrow([crypto.randomUUID()]))).toEqual([]);
    await world.as(mia).call(workspaces.update, { id: closed.id, visibility: 'public' });
    expect(await sorted()).toEqual(all);
    await world.as(mia).call(resources.update, { id: open.id, title: 'Renamed' });
    expect(await sorted()).toEqual(['Umbrageous', 'Umbrageous inside']);
  });

  it('is narrowed by type', async () => {
    await world.aWorkspace(mia, { name: 'Vermilion' });
    await world.aPost(mia, { title: 'Vermilion post' });
    const status = { type: 'status' as const, status: 'LISTED' as const, excerpt: 'Vermilion status' };
    await world.as(mia).call(resources.create, status);
    const found = (type: Search['type']) => titles('vermilion', type ? { type } : {});
    expect(await found(['workspace'])).toEqual(['Vermilion']);
    expect((await found(['resource'])).sort()).toEqual(['Vermilion post', 'Vermilion status']);
    expect(await found(['status'])).toEqual(['Vermilion status']);
    expect(await found(['workspace', 'post'])).toEqual(['Vermilion', 'Vermilion post']);
    expect(await found(['song'])).toEqual([]);
  });

  it('goes through its pages both ways, those of what is alike too', async () => {
    for (let n = 0; n < 5; n++) await world.aPost(mia, { title: 'Wanderlust' });
    for (let n = 0; n < 3; n++) await world.aPost(mia, { title: 'Wandrlust' });
    const seen: string[] = [];
    let page = await find({ q: 'wanderlust', limit: 3 });
    const first = page;
    for (;;) {
      seen.push(...page.data.map(({ id }) => id));
      if (page.meta.after === null) break;
      page = await find({ q: 'wanderlust', limit: 3, after: page.meta.after });
    }
    expect(new Set(seen).size).toBe(8);
    expect(seen).toHaveLength(8);
    const before = page.meta.before ?? '';
    const middle = await find({ q: 'wanderlust', limit: 3, before });
    expect(middle.data.map(({ id }) => id)).toEqual(seen.slice(3, 6));
    const back = await find({ q: 'wanderlust', limit: 3, before: middle.meta.before ?? '' });
    expect(back.data).toEqual(first.data);
    const other = await world
      .as()
      .failure(search.find, { q: 'wander', limit: 3, after: first.meta.after ?? '' });
    expect(other.code).toBe('cursor_invalid');
  });

  it('takes any text as what it is', async () => {
    const odd = [
      `'`,
      `''':*`,
      '\\',
      `a\\' | !b`,
      '<->',
      ':*',
      '( ) & | !',
      '%_%',
      '\u{1F3B5}',
      '  ',
      '-',
      'a',
      '\u0000',
    ];
    for (const q of odd.filter((each) => each !== '\u0000'))
      expect(Array.isArray(await titles(q))).toBe(true);
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: 'binary', minLength: 1, maxLength: 200 }), async (q) => {
        fc.pre(!q.includes('\u0000'));
        await find({ q: [...q].slice(0, 200).join('') });
      }),
      { numRuns: 25 },
    );
    expect((await world.as().failure(search.find, { q: 'x'.repeat(201) })).code).toBe('validation_failed');
    expect((await world.as().failure(search.find, { q: '' })).code).toBe('validation_failed');
  });

  it('finds anything that a name can be', async () => {
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: 'grapheme', minLength: 3, maxLength: 100 }), async (name) => {
        fc.pre(/\p{L}/u.test(name));
        const made = await world.aWorkspace(mia, { name: [...name].slice(0, 100).join('') });
        const { data } = await find({ q: made.name, type: ['workspace'], limit: 100 });
        expect(data.map(({ id }) => id)).toContain(made.id);
      }),
      { numRuns: 12 },
    );
  });
});
