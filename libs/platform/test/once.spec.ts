import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Module } from '@nestjs/common';
import { Client } from 'pg';
import { v7 as uuidv7 } from 'uuid';
import { calls, command, one, type Handlers } from '@erato/contracts/kit/call';
import { event } from '@erato/contracts/kit/event';
import type { Context, Repeatable } from '@erato/contracts/kit/context';
import { alreadyDone, idempotencyConflict, notFound } from '@erato/contracts/kit/failure';
import { Id, Optional, Text, Whole } from '@erato/contracts/kit/fields';
import { Db } from '@erato/platform/database/db';
import { ofTransaction, type Writing } from '@erato/platform/database/writing';
import type { Emit } from '@erato/platform/events/outbox';
import { KeptAnswers } from '@erato/platform/idempotency/kept-answers';
import type { RunningService } from '@erato/platform/service/run';
import { Serves } from '@erato/platform/transport/serves';
import { aUser, TestGateway } from '@erato/testing/client';
import { startInfra, type Infra } from '@erato/testing/infra';
import { startTestService } from '@erato/testing/service';
import { settle } from '@erato/testing/settle';
import pg from 'pg';
import type { MigrationInterface, QueryRunner } from 'typeorm';

class NewCoin {
  @Text({ min: 1, max: 50 }) purse: string;
  @Text({ max: 20 }) @Optional() how?: string;
}
class Coin {
  @Id() id: string;
  @Text({ max: 50 }) purse: string;
  @Whole() version: number;
}

const mint = {
  scope: null,
  request: NewCoin,
  reply: one(Coin),
  creates: '/coins/{id}',
  summary: 'x',
} as const;
const coins = calls('content.coin', {
  make: command({ http: 'POST /coins', ...mint, fails: [notFound] }),
  hide: command({ http: 'POST /hidden-coins', ...mint, secret: true }),
});

/** For a purse of this name nothing is made. */
const lost = 'lost';
const inserting: Writing = {
  parts: `made AS (INSERT INTO coins (id, purse) SELECT $1::uuid, $2::text WHERE $2::text <> '${lost}' RETURNING id)`,
  result: 'SELECT id FROM made',
  parameters: 2,
};
const coinMade = event('content.coin.made', Coin, 'a coin was made');
let isAtOnce = false;
let asidesMade = 0;

@Serves(coins)
class CoinHandlers implements Handlers<typeof coins> {
  constructor(private readonly db: Db) {}

  async make({ purse, how }: NewCoin, context: Context): Promise<Coin> {
    asidesMade++;
    const id = uuidv7();
    await this.#put(context, [id, purse]);
    if (how === 'fails after it') {
      failures++;
      if (failures < 2) throw notFound();
    }
    if (how === 'in two') await this.#put(context, [uuidv7(), purse]);
    return { id, purse, version: 3 };
  }

  async #put(context: Context, values: readonly string[]): Promise<void> {
    const made = isAtOnce
      ? await this.db.write(context, { writing: inserting, values, tell: (emit) => tell(emit, values) })
      : await this.db.transaction(context, async (tx) => {
          const row = await tx.row(ofTransaction(inserting), values);
          if (!row) throw notFound();
          tell((type, subject, body) => tx.emit(type, subject, body), values);
          return row;
        });
    if (!made) throw notFound();
  }

  hide(input: NewCoin, context: Context): Promise<Coin> {
    return this.make(input, context);
  }
}
let failures = 0;
const tell = (emit: Emit, [id = '', purse = '']: readonly string[]): void =>
  emit(coinMade, id, { id, purse, version: 1 });

class Coins1700000000001 implements MigrationInterface {
  name = 'Coins1700000000001';
  up = (runner: QueryRunner): Promise<void> =>
    runner.query('CREATE TABLE coins (id uuid PRIMARY KEY, purse text)');
  down = (runner: QueryRunner): Promise<void> => runner.query('DROP TABLE coins');
}

@Module({ controllers: [CoinHandlers] })
class CoinModule {}

describe.each([
  ['in a transaction', false],
  ['in one statement', true],
])('a request that takes effect once, %s', (_, atOnce) => {
  let infra: Infra;
  let service: RunningService & { databaseUrl: string };
  let gateway: TestGateway;
  let database: Client;

  beforeAll(async () => {
    isAtOnce = atOnce;
    failures = 0;
    infra = await startInfra({ calls: [coins] });
    service = await startTestService(infra, {
      name: 'content',
      module: CoinModule,
      database: { entities: [], migrations: [Coins1700000000001] },
    });
    gateway = await TestGateway.open(infra);
    database = new Client({ connectionString: service.databaseUrl });
    await database.connect();
  }, 60_000);

  afterAll(async () => {
    await database.end();
    await gateway.close();
    await service.close();
    await infra.close();
  });

  const aRequest = (): Repeatable => ({ name: uuidv7(), asked: 'this', again: false });
  const make = (purse: string, once: Repeatable, how?: string): Promise<Coin> =>
    gateway.as(aUser('user_1')).call(coins.make, { purse, ...(how ? { how } : {}) }, { once });
  const inPurse = async (purse: string): Promise<number> =>
    (await database.query('SELECT id FROM coins WHERE purse = $1', [purse])).rows.length;
  /** How many events were written so far: the numbers of outbox rows that a statement did not make do not count up. */
  const told = async (): Promise<number> => {
    const { rows } = await database.query<{ n: string | null }>(
      `SELECT pg_sequence_last_value(pg_get_serial_sequence('outbox', 'seq')) AS n`,
    );
    return Number(rows[0]?.n ?? 0);
  };
  const isKept = async ({ name }: Repeatable): Promise<boolean> =>
    (await database.query('SELECT 1 FROM kept_answers WHERE name = $1 AND body IS NOT NULL', [name])).rows
      .length > 0;

  it('gives its answer again to who asks again, and its handler does not run', async () => {
    const once = aRequest();
    const first = await make('again', once);
    await settle(() => isKept(once));
    const before = asidesMade;
    expect(await make('again', { ...once, again: true })).toEqual(first);
    expect([asidesMade - before, await inPurse('again')]).toEqual([0, 1]);
  });

  it('does so where the gateway has forgotten that it asked', async () => {
    const once = aRequest();
    const first = await make('forgotten', once);
    expect(await make('forgotten', once)).toEqual(first);
    expect(await inPurse('forgotten')).toBe(1);
  });

  it('does so to many who ask at the same time', async () => {
    const once = aRequest();
    const made = await Promise.all(Array.from({ length: 8 }, () => make('at once', once)));
    expect(new Set(made.map(({ id }) => id)).size).toBe(1);
    expect(await inPurse('at once')).toBe(1);
  });

  it('may take several transactions', async () => {
    const once = aRequest();
    const first = await make('two', once, 'in two');
    expect(await make('two', once, 'in two')).toEqual(first);
    expect(await inPurse('two')).toBe(2);
  });

  it('is a first one again after a failure', async () => {
    const once = aRequest();
    const failing = gateway
      .as(aUser('user_1'))
      .failure(coins.make, { purse: 'f', how: 'fails after it' }, { once });
    expect((await failing).code).toBe(notFound.code);
    expect(await make('f', once, 'fails after it')).toMatchObject({ purse: 'f' });
  });

  it('is none where nothing was written, and tells nothing', async () => {
    const once = aRequest();
    const before = await told();
    const failing = gateway.as(aUser('user_1')).failure(coins.make, { purse: lost }, { once });
    expect((await failing).code).toBe(notFound.code);
    const kept = await database.query('SELECT 1 FROM kept_answers WHERE name = $1', [once.name]);
    expect([kept.rows, await told()]).toEqual([[], before]);
    await make('told', once);
    expect(await told()).toBe(before + 1);
  });

  it('is none that was asked otherwise', async () => {
    const once = aRequest();
    await make('other', once);
    for (const again of [true, false]) {
      const other = { ...once, asked: 'that', again };
      const refused = gateway.as(aUser('user_1')).failure(coins.make, { purse: 'other' }, { once: other });
      expect((await refused).code).toBe(idempotencyConflict.code);
    }
    expect(await inPurse('other')).toBe(1);
  });

  it('keeps no secret: of its answer there is only that it was given', async () => {
    const once = aRequest();
    const as = gateway.as(aUser('user_1'));
    await as.call(coins.hide, { purse: 'secret' }, { once });
    const again = await as.failure(coins.hide, { purse: 'secret' }, { once: { ...once, again: true } });
    expect(again.code).toBe(alreadyDone.code);
    const { rows } = await database.query<{ body: string | null }>(
      'SELECT body FROM kept_answers WHERE name = $1',
      [once.name],
    );
    expect(rows).toEqual([{ body: null }]);
    expect(await inPurse('secret')).toBe(1);
  });

  it('is forgotten after a day', async () => {
    const once = aRequest();
    const first = await make('day', once);
    await settle(() => isKept(once));
    await database.query(`UPDATE kept_answers SET made_at = now() - interval '25 hours' WHERE name = $1`, [
      once.name,
    ]);
    expect((await make('day', { ...once, again: true })).id).not.toBe(first.id);
    await settle(() => isKept(once));
    await database.query(`UPDATE kept_answers SET made_at = now() - interval '25 hours' WHERE name = $1`, [
      once.name,
    ]);
    const pool = new pg.Pool({ connectionString: service.databaseUrl, max: 1 });
    const end = new AbortController();
    const cleaning = new KeptAnswers(pool).run(end.signal);
    await settle(async () => !(await isKept(once)));
    end.abort();
    await cleaning;
    await pool.end();
  });
});
