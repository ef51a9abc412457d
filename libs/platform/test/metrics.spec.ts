import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Module } from '@nestjs/common';
import { Client } from 'pg';
import { calls, command, nothing, type Handlers } from '@erato/contracts/kit/call';
import type { Context } from '@erato/contracts/kit/context';
import { Flag } from '@erato/contracts/kit/fields';
import { Db } from '@erato/platform/database/db';
import { statement } from '@erato/platform/database/statement';
import { look } from '@erato/platform/events/backlog';
import type { RunningService } from '@erato/platform/service/run';
import { Serves } from '@erato/platform/transport/serves';
import { aUser, TestGateway } from '@erato/testing/client';
import { startInfra, type Infra } from '@erato/testing/infra';
import { readMetrics } from '@erato/testing/metrics';
import { startTestService } from '@erato/testing/service';
import { settle } from '@erato/testing/settle';
import { v7 as uuidv7 } from 'uuid';

class Held {
  @Flag() writing: boolean;
}
const holds = calls('content.hold', {
  take: command({ http: 'POST /holds', scope: null, request: Held, reply: nothing, summary: 'x' }),
});
const one = statement('SELECT 1');
/** Waits for the test, which holds the same lock. */
const wait = statement(`SELECT pg_advisory_xact_lock_shared(4711)`);

@Serves(holds)
class HoldHandlers implements Handlers<typeof holds> {
  constructor(private readonly db: Db) {}

  async take({ writing }: Held, context: Context): Promise<void> {
    if (!writing) await this.db.rows(wait, []);
    else
      await this.db.transaction(context, async (tx) => {
        await tx.rows(wait, []);
        await tx.rows(one, []);
      });
  }
}

@Module({ controllers: [HoldHandlers] })
class HoldModule {}

describe('metrics of a service', () => {
  let infra: Infra;
  let service: RunningService & { databaseUrl: string };
  let gateway: TestGateway;
  let database: Client;

  beforeAll(async () => {
    infra = await startInfra({ calls: [holds] });
    const options = {
      name: 'content',
      module: HoldModule,
      database: { entities: [], migrations: [] },
    } as const;
    const url = await infra.database('content');
    // Whoever holds this lock leads: nobody relays the outbox.
    database = new Client({ connectionString: url });
    await database.connect();
    await database.query(`SELECT pg_advisory_lock(hashtextextended('erato leader', 0))`);
    service = await startTestService(infra, options, url);
    gateway = await TestGateway.open(infra);
  }, 60_000);

  afterAll(async () => {
    await gateway.close();
    await service.close();
    await database.end();
    await infra.close();
  });

  const read = () => readMetrics(`http://127.0.0.1:${service.healthPort}`);
  const connections = (pool: string, state: string): string =>
    `erato_database_connections{pool="${pool}",state="${state}"}`;
  const outbox = async () => {
    const shown = await read();
    return [shown.get('erato_outbox_backlog'), shown.get('erato_outbox_oldest_seconds')] as const;
  };
  const said = (from: number, to: number, id = uuidv7()): Promise<unknown> =>
    database.query(
      `INSERT INTO outbox (id, subject, body) SELECT $3, 'event.content.x', '{}' FROM generate_series($1::int, $2)`,
      [from, to, id],
    );

  it.each([
    ['writes', true],
    ['reads', false],
  ])('tell of the pool of %s: idle, used and at most, and who waits', async (pool, writing) => {
    expect((await read()).get(`erato_database_connections_max{pool="${pool}"}`)).toBe(5);
    await database.query('SELECT pg_advisory_lock(4711)');
    // One is left for what the metrics themselves read.
    const most = writing ? 5 : 4;
    const asked = Array.from({ length: writing ? 7 : 4 }, () =>
      gateway.as(aUser('user_1')).call(holds.take, { writing }),
    );
    await settle(async () => {
      const shown = await read();
      return (shown.get(connections(pool, 'used')) ?? 0) >= most;
    });
    const shown = await read();
    expect(shown.get(`erato_database_waiting{pool="${pool}"}`)).toBe(writing ? 2 : 0);
    await database.query('SELECT pg_advisory_unlock(4711)');
    await Promise.all(asked);
    const rest = await settle(async () => {
      const later = await read();
      return later.get(`erato_database_waiting{pool="${pool}"}`) === 0 ? later : null;
    });
    expect(rest.get(connections('writes', 'used'))).toBe(0);
    expect(rest.get(connections(pool, 'idle'))).toBeGreaterThan(0);
  });

  it('tell how much waits in the outbox, and for how long, with nobody there who relays it', async () => {
    expect(await outbox()).toEqual([0, 0]);
    const since = Date.now();
    const old = uuidv7({ msecs: since - 90_000 });
    await said(1, 1, old);
    await said(2, 700);
    const [events, seconds = 0] = await outbox();
    expect(events).toBe(700);
    expect(seconds).toBeGreaterThanOrEqual(90);
    expect(seconds).toBeLessThan(90 + (Date.now() - since) / 1_000 + 1);
    await database.query('DELETE FROM outbox WHERE id = $1', [old]);
    const [left, fresh = 90] = await outbox();
    expect([left, fresh < 60]).toEqual([699, true]);
  });

  it('count the outbox to 10,000, estimate beyond that, and never read all of it', async () => {
    await said(700, 10_000);
    expect((await outbox())[0]).toBe(10_000);
    await said(10_001, 40_000);
    expect((await outbox())[0]).toBe(40_000);
    await database.query('ANALYZE outbox');
    const { rows } = await database.query<{ 'QUERY PLAN': string }>(`EXPLAIN (ANALYZE) ${look.text}`);
    const plan = rows.map((row) => row['QUERY PLAN']).join('\n');
    expect(plan).not.toContain('Seq Scan');
    const read = [...plan.matchAll(/Scan .*actual .*rows=(\d+)/g)].map(([, count]) => Number(count));
    expect(Math.max(...read)).toBe(10_001);
    await database.query('TRUNCATE outbox');
    expect(await outbox()).toEqual([0, 0]);
  });

  it('come in time where the database does not, without what is not known', async () => {
    await database.query('BEGIN; LOCK TABLE outbox');
    const since = Date.now();
    const shown = await read();
    expect(Date.now() - since).toBeLessThan(4_000);
    expect([shown.has('erato_outbox_backlog'), shown.has('erato_outbox_oldest_seconds')]).toEqual([
      false,
      false,
    ]);
    expect(shown.has(connections('reads', 'used'))).toBe(true);
    await database.query('ROLLBACK');
    await settle(async () => (await outbox())[0] === 0);
  });
});
