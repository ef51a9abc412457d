import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { resources } from '@erato/contracts/content/resource';
import { workspaces } from '@erato/contracts/content/workspace';
import type { Caller } from '@erato/contracts/kit/context';
import { inSpan, startTracing } from '@erato/platform/telemetry/tracing';
import { startCollector, type CollectedSpan, type Collector } from '@erato/testing/collector';
import { World } from './world.js';

const client = 3;
const failed = 2;

describe('statements in traces', () => {
  let collector: Collector;
  let stop: () => Promise<void>;
  let world: World;
  let ada: Caller;

  beforeAll(async () => {
    process.env['OTEL_BSP_SCHEDULE_DELAY'] = '20';
    collector = await startCollector();
    stop = await startTracing('test', collector.url);
    world = await World.start();
    ada = world.user('ada');
  }, 60_000);

  afterAll(async () => {
    await world.close();
    await stop();
    await collector.close();
  });

  /** Runs the work in a trace of this name, and gives what the collector knows of it when all of it has come. */
  const traced = async (name: string, work: () => Promise<unknown>): Promise<CollectedSpan[]> => {
    await inSpan(name, undefined, work);
    const root = await collector.span((span) => span.name === name);
    return collector.spans.filter(({ traceId }) => traceId === root.traceId);
  };
  const byName = (spans: readonly CollectedSpan[], name: string): CollectedSpan | undefined =>
    spans.find((span) => span.name === name);

  it('are spans below the call, told by what they do to which tables, with no value', async () => {
    const secret = 'A title that nobody else may know';
    const spans = await traced('a post is made', () => world.aPost(ada, { title: secret }));
    const call = byName(spans, resources.create.subject);
    const statements = spans.filter(
      ({ attributes, parentSpanId }) =>
        attributes['db.system.name'] === 'postgresql' && parentSpanId === call?.spanId,
    );
    const insert = statements.find(({ name }) => name.includes('INSERT resources'));
    expect(insert).toMatchObject({ kind: client, status: 0 });
    expect(insert?.attributes).toMatchObject({
      'db.query.summary': insert?.name,
      'db.namespace': new URL(world.content.databaseUrl).pathname.slice(1),
      'server.address': '127.0.0.1',
      'server.port': Number(new URL(world.content.databaseUrl).port),
    });
    expect(insert?.attributes['db.query.text']).toMatch(/^(WITH|INSERT)[^\n]*\$1::uuid/);
    expect(insert?.name).toContain('outbox');
    expect(JSON.stringify(collector.spans)).not.toContain(secret);
    expect(JSON.stringify(collector.spans)).not.toContain(ada.subjectId);
  });

  it('that serve several requests stand with the first and are linked to the others', async () => {
    const posts = await Promise.all(Array.from({ length: 8 }, () => world.aPost(ada)));
    const read = (id: string): Promise<unknown> =>
      inSpan(`reading ${id}`, undefined, () => world.as(ada).call(resources.get, { id }));
    await Promise.all(posts.map(({ id }) => read(id)));
    const roots = await Promise.all(
      posts.map(({ id }) => collector.span(({ name }) => name === `reading ${id}`)),
    );
    const traces = roots.map(({ traceId }) => traceId);
    const calls = collector.spans.filter(
      ({ traceId, name }) => traces.includes(traceId) && name === resources.get.subject,
    );
    expect(calls).toHaveLength(posts.length);
    const reads = collector.spans.filter(
      ({ traceId, name }) => traces.includes(traceId) && /^SELECT (posts )?resources$/.test(name),
    );
    // Each call finds its statement: below itself, or by a link to itself.
    for (const call of calls) {
      const its = reads.filter(
        ({ parentSpanId, links }) =>
          parentSpanId === call.spanId || links.some(({ spanId }) => spanId === call.spanId),
      );
      expect(its).toHaveLength(1);
    }
    expect(reads.length).toBeLessThan(posts.length);
  });

  it('that waited for a connection stay with those who asked', async () => {
    const made = await Promise.all(
      Array.from({ length: 20 }, async (_, at) => {
        const name = `workspace ${at}`;
        await inSpan(name, undefined, () => world.aWorkspace(ada, { name: `Night Ferry ${at}` }));
        return collector.span((span) => span.name === name);
      }),
    );
    for (const { traceId } of made) {
      const own = collector.spans.filter((span) => span.traceId === traceId);
      const call = byName(own, workspaces.create.subject);
      expect(byName(own, 'COMMIT')?.attributes['db.operation.name']).toBe('COMMIT');
      for (const name of ['BEGIN', 'COMMIT', 'INSERT outbox']) {
        expect(own.filter((span) => span.name === name && span.parentSpanId === call?.spanId)).toHaveLength(
          1,
        );
      }
    }
    const lists = await Promise.all(
      Array.from({ length: 20 }, async (_, at) => {
        const name = `list ${at}`;
        await inSpan(name, undefined, () => world.as(ada).call(workspaces.list, { limit: 1 + at }));
        return collector.span((span) => span.name === name);
      }),
    );
    for (const { traceId } of lists) {
      const own = collector.spans.filter((span) => span.traceId === traceId);
      const call = byName(own, workspaces.list.subject);
      const reads = own.filter(({ name }) => name.startsWith('SELECT workspaces'));
      expect(reads.map(({ parentSpanId }) => parentSpanId)).toEqual([call?.spanId]);
    }
  });

  it('that fail tell their SQLSTATE', async () => {
    const slug = 'the-only-one';
    await world.aWorkspace(ada, { name: 'One', slug });
    const spans = await traced('a slug that is taken', () =>
      world.as(ada).failure(workspaces.create, { name: 'Two', slug }),
    );
    const refused = spans.filter(
      ({ status, attributes }) => status === failed && 'db.system.name' in attributes,
    );
    expect(refused[0]?.attributes).toMatchObject({
      'error.type': '23505',
      'db.response.status_code': '23505',
    });
  });

  it('are none outside of a trace: what a service does for itself', async () => {
    await collector.span(({ name }) => name === 'a slug that is taken');
    const roots = collector.spans.filter(({ parentSpanId }) => !parentSpanId);
    expect(roots.filter(({ kind }) => kind === client)).toEqual([]);
  });
});
