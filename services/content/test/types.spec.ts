import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { artworks } from '@erato/contracts/content/artwork';
import { pressReleases } from '@erato/contracts/content/press-release';
import { resources, type CreateResource } from '@erato/contracts/content/resource';
import { resourceTypes } from '@erato/contracts/content/resource-parts';
import type { Caller } from '@erato/contracts/kit/context';
import { renderMarkdown } from '../src/post/markdown.js';
import { partNames, partTypes } from '../src/resource/resource-types.js';
import { World } from './world.js';
import { vectors } from './xss-vectors.js';

let world: World;
let mia: Caller;
let tom: Caller;
beforeAll(async () => {
  world = await World.start();
  mia = world.user('mia');
  tom = world.user('tom');
}, 60_000);
afterAll(() => world.close());

/** The least that a resource of each type needs. */
const least: Readonly<Record<(typeof resourceTypes)[number], Omit<CreateResource, 'type'>>> = {
  post: { title: 'T', post: { body: 'x' } },
  status: { excerpt: 'x' },
  song: { title: 'T', song: { duration: 1 } },
  album: { title: 'T' },
  artwork: { title: 'T', artwork: { imageUrl: 'https://cdn.example.com/a.png' } },
  'press-release': { title: 'T', pressRelease: { body: 'x' } },
};

describe.each(resourceTypes)('a resource of type %s', (type) => {
  const make = (caller: Caller, more: Partial<CreateResource> = {}) =>
    world.as(caller).call(resources.create, { type, status: 'LISTED', ...least[type], ...more });

  it('is listed under its type, credited, linked, kept as a draft and deleted like any other', async () => {
    const owner = world.user(`owner_${type}`);
    const links = [{ url: 'https://tidal.com/album/1' }];
    const made = await make(owner, { links });
    const { id } = made;
    expect(await world.as().call(resources.get, { id })).toEqual(made);
    expect(await world.as().call(resources.getByShortId, { shortId: made.shortId })).toEqual(made);
    const ownerId = [owner.subjectId];
    const list = { type: [type], ownerId };
    expect((await world.as().call(resources.list, list)).data.map((each) => each.id)).toEqual([id]);
    const whole = await world.as().call(resources.get, { id, include: ['authors', 'links', 'tracks'] });
    expect(whole).toMatchObject({
      authors: [{ authorId: owner.subjectId }],
      links: [{ name: 'Tidal' }],
    });
    expect((await world.as(tom).failure(resources.delete, { id })).code).toBe('permission_denied');
    const draft = await make(owner, { publishAt: null });
    expect((await world.as(tom).failure(resources.get, { id: draft.id })).code).toBe('not_found');
    for (const each of [id, draft.id]) await world.as(owner).call(resources.delete, { id: each });
    const table = partTypes[type]?.table;
    if (!table) return;
    const left = await world.database.query(`SELECT 1 FROM ${table} WHERE resource_id = ANY ($1)`, [
      [id, draft.id],
    ]);
    expect(left.rows).toEqual([]);
  });

  it('has no part of another type', async () => {
    const own = partTypes[type]?.part;
    for (const other of partNames.filter((part) => part !== own)) {
      const foreign = { album: {}, ...Object.values(least).find((each) => other in each) }[other];
      const given = { ...least[type], type, [other]: foreign };
      const failure = await world.as(mia).failure(resources.create, given);
      expect(failure.errors).toEqual([expect.objectContaining({ path: other, code: 'not_allowed' })]);
    }
  });
});

describe('an artwork', () => {
  const artwork = {
    imageUrl: 'https://cdn.example.com/a.png',
    medium: 'linocut',
    year: 2025,
    alt: 'A ferry.',
  };

  it('is made, patched and set as a whole', async () => {
    const made = await world.as(mia).call(resources.create, { type: 'artwork', title: 'Print', artwork });
    const { id } = made;
    expect(made.artwork).toEqual({ ...artwork, mediaId: null });
    const patched = await world.as(mia).call(resources.update, { id, artwork: { year: null } });
    expect(patched.artwork).toEqual({ ...artwork, year: null, mediaId: null });
    const imageUrl = 'https://cdn.example.com/b.png';
    const set = await world.as(mia).call(artworks.put, { id, imageUrl }, { ifMatch: [2] });
    expect(set).toEqual({ imageUrl, mediaId: null, medium: null, year: null, alt: null, version: 3 });
    expect(await world.as().call(artworks.get, { id })).toEqual(set);
    for (const [wrong, field] of [
      [{ imageUrl: 'http://cdn.example.com/a.png' }, 'imageUrl'],
      [{ imageUrl: undefined }, 'imageUrl'],
      [{ year: 0 }, 'year'],
      [{ mediaId: id }, 'mediaId'],
    ] as const) {
      const failure = await world.as(mia).failure(resources.create, {
        type: 'artwork',
        title: 'No',
        artwork: { ...artwork, ...wrong },
      } as CreateResource);
      expect(failure.errors?.map(({ path }) => path)).toContain(`artwork.${field}`);
    }
  });
});

describe('a press release', () => {
  it('is made, patched and set as a whole; its excerpt is cut from its body', async () => {
    const pressRelease = {
      body: '# Out\n\n**now**',
      contact: '<press@example.com>',
      boilerplate: '*We* & you',
    };
    const made = await world
      .as(mia)
      .call(resources.create, { type: 'press-release', title: 'Out', pressRelease });
    const { id } = made;
    expect(made).toMatchObject({
      excerpt: 'Out now',
      pressRelease: { ...pressRelease, bodyHtml: '<h1>Out</h1>\n<p><strong>now</strong></p>' },
    });
    const patched = await world.as(mia).call(resources.update, { id, pressRelease: { body: 'Later' } });
    expect(patched).toMatchObject({ excerpt: 'Later', pressRelease: { contact: '<press@example.com>' } });
    const set = await world.as(mia).call(pressReleases.put, { id, body: 'x' });
    expect(set).toEqual({ body: 'x', bodyHtml: '<p>x</p>', contact: null, boilerplate: null, version: 3 });
    expect(await world.as(tom).call(pressReleases.get, { id })).toEqual(set);
  });

  it('lets none of the known evasions through, and keeps plain text as it is', async () => {
    const { id } = await world
      .as(mia)
      .call(resources.create, { type: 'press-release', title: 'XSS', pressRelease: { body: 'x' } });
    for (const body of vectors) {
      const set = await world.as(mia).call(pressReleases.put, { id, body, boilerplate: body.slice(0, 5000) });
      // That this is safe is what post/markdown.spec.ts holds it to.
      expect(set.bodyHtml).toBe(renderMarkdown(body).html);
      expect(set.boilerplate).toBe(body.slice(0, 5000));
    }
    const stored = await world.as().call(pressReleases.get, { id });
    expect(stored.bodyHtml).not.toMatch(/<script|<svg|<iframe|<object|<style|="\s*(?:javascript|data):/i);
  }, 30_000);
});
