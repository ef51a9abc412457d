import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { clicks, type ClickLink } from '@erato/contracts/content/click';
import { linkClicked } from '@erato/contracts/content/events';
import { resourceLinks } from '@erato/contracts/content/link';
import { linkStats } from '@erato/contracts/content/link-stats';
import { workspaces } from '@erato/contracts/content/workspace';
import { resources } from '@erato/contracts/content/resource';
import type { Caller } from '@erato/contracts/kit/context';
import { asService, failureOf } from '@erato/testing/client';
import { settle } from '@erato/testing/settle';
import { World } from './world.js';

let world: World;
let gateway: Awaited<ReturnType<typeof asService>>;
let mia: Caller;
beforeAll(async () => {
  world = await World.start();
  gateway = await asService(world.infra, 'gateway');
  mia = world.user('mia');
}, 60_000);
afterAll(async () => {
  await gateway.close();
  await world.close();
});

const links = [{ url: 'https://open.spotify.com/album/1' }, { url: 'https://shop.example/x?y=1#z' }];
const click = (input: ClickLink) => gateway.call(clicks.record, input);

async function counted(
  resourceId: string,
): Promise<{ position: number; clicks: number; visitors: number }[]> {
  const { rows } = await world.database.query<{ position: number; clicks: number; visitors: number }>(
    `SELECT l.position, sum(c.clicks)::integer AS clicks, sum(c.visitors)::integer AS visitors
     FROM external_links l JOIN link_clicks c ON c.link_id = l.id WHERE l.subject_id = $1 GROUP BY 1 ORDER BY 1`,
    [resourceId],
  );
  return rows;
}
const total = async (resourceId: string): Promise<number> =>
  (await counted(resourceId)).reduce((sum, each) => sum + each.clicks, 0);

describe('a click', () => {
  it('leads to the address and is counted, every visitor once a day', async () => {
    const { id, shortId } = await world.aPost(mia, { links });
    expect(await click({ shortId, position: 1, visitor: 'a' })).toEqual({ url: links[0]?.url });
    expect(await click({ shortId, position: 2, visitor: 'a' })).toEqual({ url: links[1]?.url });
    await Promise.all(
      Array.from({ length: 40 }, (_, n) => click({ shortId, position: 1, visitor: `v${n % 4}` })),
    );
    await click({ shortId, position: 1 });
    await settle(async () => (await total(id)) === 43);
    const [first, second] = await counted(id);
    expect(first).toMatchObject({ position: 1, clicks: 42 });
    // Five came; now and then two of them look alike to so small a sketch.
    expect(first?.visitors).toBeLessThanOrEqual(5);
    expect(first?.visitors).toBeGreaterThanOrEqual(3);
    expect(second).toEqual({ position: 2, clicks: 1, visitors: 1 });
    const told = () => world.heard(linkClicked, id);
    await settle(() => told().reduce((sum, event) => sum + event.clicks, 0) === 43);
    expect(told().length).toBeLessThan(10);
  });

  it('of a prefetch counts nothing', async () => {
    const { id, shortId } = await world.aPost(mia, { links });
    await click({ shortId, position: 1, visitor: 'robot', counted: false });
    await click({ shortId, position: 2, visitor: 'person' });
    await settle(async () => (await total(id)) === 1);
    expect(await counted(id)).toEqual([{ position: 2, clicks: 1, visitors: 1 }]);
  });

  it('leads nowhere from a draft, from what guests may not read, and beyond the last link', async () => {
    const draft = await world.aPost(mia, { links, publishAt: null });
    const closed = await world.aPost(mia, { links });
    await world.permit({
      ...{ subjectType: 'static', subjectId: 'guest', objectType: 'resource', objectId: closed.id },
      ...{ action: 'read', value: 'deny' },
    });
    const open = await world.aPost(mia, { links });
    const [{ shortId: gone }] = [await world.aPost(mia, { links })];
    await world.as(mia).call(resources.delete, { id: (await resourceOf(gone)).id });
    for (const [shortId, position] of [
      [draft.shortId, 1],
      [closed.shortId, 1],
      [open.shortId, 3],
      [gone, 1],
    ] as const) {
      expect((await failureOf(click({ shortId, position }))).code).toBe('not_found');
    }
    const unlisted = await world.aPost(mia, { links, status: 'UNLISTED' });
    expect(await click({ shortId: unlisted.shortId, position: 1 })).toEqual({ url: links[0]?.url });
  });

  it('keeps no address, and nothing of a visitor beyond the day', async () => {
    const { id, shortId } = await world.aPost(mia, { links });
    await click({ shortId, position: 1, visitor: '203.0.113.77 Browser' });
    await settle(async () => (await total(id)) === 1);
    await settle(() => world.heard(linkClicked, id).length === 1);
    const kept = await world.database.query<{ sketch: Buffer }>(`SELECT sketch FROM link_visitors`);
    expect(kept.rows.length).toBeGreaterThan(0);
    const all =
      JSON.stringify(world.events) + kept.rows.map(({ sketch }) => sketch.toString('latin1')).join();
    expect(all).not.toMatch(/203\.0\.113\.77|Browser/);
    await world.database.query(`UPDATE link_visitors SET day = day - 3`);
    await world.database.query(`INSERT INTO visitor_salts VALUES (current_date - 3, 'x')`);
    await world.restartContent();
    await settle(async () => {
      const { rows } = await world.database.query<{ n: number }>(
        `SELECT (SELECT count(*) FROM link_visitors WHERE day < current_date)::integer
           + (SELECT count(*) FROM visitor_salts WHERE day < current_date)::integer AS n`,
      );
      return rows[0]?.n === 0;
    });
    expect(await total(id)).toBe(1);
  });

  it('is told by link and day to who may update the resource', async () => {
    const made = await world.aWorkspace(mia, { name: 'Clicked' });
    const authors = [{ authorType: 'workspace' as const, authorId: made.id }];
    const { id, shortId } = await world.aPost(mia, { links, authors });
    await click({ shortId, position: 2, visitor: 'a' });
    await click({ shortId, position: 2, visitor: 'b' });
    await settle(async () => (await total(id)) === 2);
    await world.database.query(
      `INSERT INTO link_clicks SELECT id, d, 5, 3 FROM external_links,
         (VALUES ('2025-02-28T23:00Z'::timestamptz), ('2025-03-01T00:00Z'), ('2025-03-01T23:00Z')) t (d)
       WHERE subject_id = $1 AND position = 1`,
      [id],
    );
    const today = new Date().toISOString().slice(0, 10);
    const stats = (input: object = {}) => world.as(mia).call(linkStats.list, { id, ...input });
    const [first, second] = await stats();
    expect(first).toMatchObject({ position: 1, name: 'Spotify', url: links[0]?.url, clicks: 0, days: [] });
    expect(second).toMatchObject({ position: 2, clicks: 2 });
    expect(second?.days.map(({ clicks }) => clicks)).toEqual([2]);
    expect(second?.days[0]?.day).toBe(today);
    const [march] = await stats({ from: '2025-03-01', to: '2025-03-01' });
    expect(march?.days).toEqual([{ day: '2025-03-01', clicks: 10, visitors: 6 }]);
    const [both] = await stats({ from: '2025-01-01', to: '2025-03-01' });
    expect(both?.clicks).toBe(15);

    const shown = await world.as(mia).call(resources.get, { id, include: ['stats'] });
    expect(shown.stats).toEqual({ clicks: 2 });
    expect((await world.as().call(resources.get, { id, include: ['stats'] })).stats).toEqual({
      clicks: null,
    });
    const profile = await world.as(mia).call(workspaces.get, { id: made.id, include: ['stats'] });
    expect(profile.stats?.clicks).toBe(2);

    const tom = world.user('tom');
    const draft = await world.aPost(mia, { links, publishAt: null });
    const codes = [
      await world.as(tom).failure(linkStats.list, { id }),
      await world.as(tom).failure(linkStats.list, { id: draft.id }),
      await world.as(mia).failure(linkStats.list, { id, from: '2025-02-30' }),
      await world.as(mia).failure(linkStats.list, { id, from: '2025-02-02', to: '2025-02-01' }),
      await world.as(mia).failure(linkStats.list, { id, from: '2025-01-01', to: '2025-04-03' }),
    ].map(({ code }) => code);
    const invalid = 'validation_failed';
    expect(codes).toEqual(['permission_denied', 'not_found', invalid, invalid, invalid]);
  });

  it('is not lost when the service is stopped in order, and goes with its link', async () => {
    const { id, shortId } = await world.aPost(mia, { links });
    await Promise.all(Array.from({ length: 20 }, () => click({ shortId, position: 1 })));
    await world.restartContent();
    expect(await total(id)).toBe(20);
    await world.as(mia).call(resourceLinks.replace, { id, links: [...links].reverse() });
    expect(await counted(id)).toEqual([{ position: 2, clicks: 20, visitors: 0 }]);
    await world.as(mia).call(resourceLinks.remove, { id, position: 2 });
    expect(await counted(id)).toEqual([]);
  });

  it('finds its link however often links are set meanwhile', async () => {
    const { id, shortId } = await world.aPost(mia, { links });
    const set = (n: number) =>
      world.as(mia).call(resourceLinks.replace, { id, links: n % 2 ? links : [...links].reverse() });
    await Promise.all([
      ...Array.from({ length: 15 }, (_, n) => set(n)),
      ...Array.from({ length: 60 }, () => click({ shortId, position: 1 })),
    ]);
    await settle(async () => (await total(id)) === 60);
  });
});

const resourceOf = (shortId: string) => world.as(mia).call(resources.getByShortId, { shortId });
