import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { resourcePublished } from '@erato/contracts/content/events';
import { resources } from '@erato/contracts/content/resource';
import type { Caller } from '@erato/contracts/kit/context';
import { dataSource } from '@erato/platform/database/data-source';
import { Db } from '@erato/platform/database/db';
import { openLog } from '@erato/platform/service/log';
import type { RunningService } from '@erato/platform/service/run';
import { asService } from '@erato/testing/client';
import { startTestService } from '@erato/testing/service';
import { settle } from '@erato/testing/settle';
import { PublishDue } from '../src/resource/publish-due.js';
import { contentService } from '../src/service.js';
import { World } from './world.js';

let world: World;
let mia: Caller;
beforeAll(async () => {
  world = await World.start();
  mia = world.user('mia');
}, 60_000);
afterAll(() => world.close());

/** Schedules songs in a moment, and gives their ids. */
async function schedule(count: number, at: string): Promise<string[]> {
  const made = await Promise.all(
    Array.from({ length: count }, (_, n) =>
      world.as(mia).call(resources.create, {
        type: 'song',
        title: `Due ${n}`,
        status: 'LISTED',
        publishAt: at,
        song: { duration: 1 },
      }),
    ),
  );
  return made.map(({ id }) => id);
}

/** Every event of a publication that is told from now on, by resource and version. */
async function listen() {
  const authz = await asService(world.infra, 'authz');
  const told: { resourceId: string; version: number; id: string }[] = [];
  authz.bus.connection.subscribe(resourcePublished.subject, {
    callback: (_, message) => {
      const { id, data } = message.json<{ id: string; data: { resourceId: string; version: number } }>();
      told.push({ id, resourceId: data.resourceId, version: data.version });
    },
  });
  return { told, close: () => authz.close() };
}

/** Each was published once: its version moved by one, in time, and one event told of it. */
async function requireOnce(
  ids: readonly string[],
  at: string,
  told: readonly { id: string; resourceId: string }[],
) {
  for (const id of ids) {
    const shown = await world.as().call(resources.get, { id });
    const late = Date.parse(shown.publishedAt ?? '') - Date.parse(at);
    expect(late).toBeGreaterThanOrEqual(0);
    expect(late).toBeLessThan(5_000);
    expect(shown.version).toBe(2);
    // The relay may publish twice what it published just before it was ended; consumers tell that apart by the event's id.
    expect(new Set(told.filter(({ resourceId }) => resourceId === id).map((each) => each.id)).size).toBe(1);
  }
}

describe('with three replicas, what is scheduled', () => {
  const others: RunningService[] = [];
  beforeAll(async () => {
    for (let n = 0; n < 2; n++) {
      others.push(await startTestService(world.infra, contentService, world.content.databaseUrl));
    }
  }, 60_000);
  afterAll(async () => {
    for (const each of others) await each.close();
  });

  it('is published within 5 s of its time, once', async () => {
    const { told, close } = await listen();
    const at = new Date(Date.now() + 1_500).toISOString();
    const ids = await schedule(150, at);
    await settle(() => new Set(told.map(({ resourceId }) => resourceId)).size === ids.length, 15_000);
    await requireOnce(ids, at, told);
    await close();
  }, 30_000);

  it('is published once also when whoever leads is gone at that moment', async () => {
    const { told, close } = await listen();
    const at = new Date(Date.now() + 1_500).toISOString();
    const ids = await schedule(50, at);
    await settle(() => Date.now() >= Date.parse(at));
    // The replica that was first leads; while it ends, another takes over.
    await world.restartContent();
    await settle(() => new Set(told.map(({ resourceId }) => resourceId)).size === ids.length, 15_000);
    await requireOnce(ids, at, told);
    await close();
  }, 30_000);

  it('is published once where several look at the same moment, as when one has not noticed that it lost the lead', async () => {
    const { told, close } = await listen();
    const ids = await schedule(250, new Date(Date.now() + 600_000).toISOString());
    const log = openLog('content', 'fatal');
    const url = world.content.databaseUrl;
    const source = dataSource(url, 4, contentService.database, log);
    await source.initialize();
    const reads = Db.reads(url, 1, log);
    const stop = new AbortController();
    const running = [1, 2, 3].map(() =>
      new PublishDue(new Db(reads, source, () => undefined), log).run(stop.signal),
    );
    const due = new Date().toISOString();
    await world.database.query('UPDATE resources SET publish_at = $2 WHERE id = ANY ($1)', [ids, due]);
    await settle(() => new Set(told.map(({ resourceId }) => resourceId)).size === ids.length, 15_000);
    stop.abort();
    await Promise.all(running);
    await requireOnce(ids, due, told);
    await Promise.all([close(), reads.end(), source.destroy()]);
  }, 30_000);
});
