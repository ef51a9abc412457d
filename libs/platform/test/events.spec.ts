import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Injectable, Module } from '@nestjs/common';
import { jetstream, jetstreamManager } from '@nats-io/jetstream';
import { connect, type NatsConnection } from '@nats-io/transport-node';
import { Client } from 'pg';
import { calls, command, nothing, type Handlers } from '@erato/contracts/kit/call';
import type { Context } from '@erato/contracts/kit/context';
import { event, type CloudEvent } from '@erato/contracts/kit/event';
import { Text, Whole } from '@erato/contracts/kit/fields';
import { Db } from '@erato/platform/database/db';
import { statement } from '@erato/platform/database/statement';
import type { Tx } from '@erato/platform/database/tx';
import type { EventHandler } from '@erato/platform/events/handler';
import type { RunningService } from '@erato/platform/service/run';
import { Serves } from '@erato/platform/transport/serves';
import { aUser, TestGateway } from '@erato/testing/client';
import { startInfra, type Infra } from '@erato/testing/infra';
import { readMetrics } from '@erato/testing/metrics';
import { startTestService } from '@erato/testing/service';
import { settle } from '@erato/testing/settle';
import type { MigrationInterface, QueryRunner } from 'typeorm';

class Said {
  @Text({ max: 40 }) word: string;
  @Whole() times: number;
}

const said = event('content.word.said', Said, 'A word was said.');
const words = calls('content.word', {
  say: command({ http: 'POST /words', scope: null, request: Said, reply: nothing, summary: 'x' }),
});

@Serves(words)
class WordHandlers implements Handlers<typeof words> {
  constructor(private readonly db: Db) {}

  async say(input: Said, context: Context): Promise<void> {
    await this.db.transaction(context, async (tx) => {
      for (let time = 0; time < input.times; time++)
        tx.emit(said, input.word, { word: input.word, times: time });
      return Promise.resolve();
    });
  }
}

class HeardTable1700000000001 implements MigrationInterface {
  name = 'HeardTable1700000000001';
  up = (runner: QueryRunner): Promise<void> =>
    runner.query('CREATE TABLE heard (n bigint GENERATED ALWAYS AS IDENTITY, word text, times int)');
  down = (runner: QueryRunner): Promise<void> => runner.query('DROP TABLE heard');
}

const hear = statement('INSERT INTO heard (word, times) VALUES ($1, $2)');
let stumbles = 0;

@Injectable()
class OnWordSaid implements EventHandler<Said> {
  readonly event = said;

  async apply(tx: Tx, { data }: CloudEvent<Said>): Promise<void> {
    await tx.run(hear, [data.word, data.times]);
    if (data.word === 'poison') throw new Error('cannot hear that');
    if (data.word === 'stumble' && stumbles++ < 3) throw new Error('not yet');
  }
}

@Module({ controllers: [WordHandlers] })
class SpeakerModule {}

@Module({ providers: [OnWordSaid] })
class HearerModule {}

describe('events', () => {
  let infra: Infra;
  let speaker: RunningService;
  let hearer: RunningService & { databaseUrl: string };
  let gateway: TestGateway;
  let heardBy: Client;
  let admin: NatsConnection;

  const hearerOptions = {
    name: 'authz',
    module: HearerModule,
    database: { entities: [], migrations: [HeardTable1700000000001] },
    consumers: [OnWordSaid],
  } as const;
  const say = (word: string, times = 1): Promise<void> =>
    gateway.as(aUser('user_1')).call(words.say, { word, times });
  const heard = async (word: string): Promise<number[]> => {
    const { rows } = await heardBy.query<{ times: number }>(
      'SELECT times FROM heard WHERE word = $1 ORDER BY n',
      [word],
    );
    return rows.map((row) => row.times);
  };

  beforeAll(async () => {
    infra = await startInfra({ calls: [words] });
    speaker = await startTestService(infra, {
      name: 'content',
      module: SpeakerModule,
      database: { entities: [], migrations: [] },
    });
    hearer = await startTestService(infra, hearerOptions);
    gateway = await TestGateway.open(infra);
    heardBy = new Client({ connectionString: hearer.databaseUrl });
    await heardBy.connect();
    const { url, user, password } = infra.nats('admin');
    admin = await connect({ servers: url, user, pass: password });
  }, 60_000);

  afterAll(async () => {
    await admin.close();
    await heardBy.end();
    await gateway.close();
    await hearer.close();
    await speaker.close();
    await infra.close();
  });

  it('are heard once, in their order', async () => {
    await say('order', 250);
    await settle(async () => (await heard('order')).length >= 250);
    expect(await heard('order')).toEqual(Array.from({ length: 250 }, (_, at) => at));
  });

  it('take effect once, however often they come', async () => {
    await say('once');
    await settle(async () => (await heard('once')).length === 1);
    const manager = await jetstreamManager(admin);
    const last = await manager.streams.getMessage('EVENTS', { last_by_subj: said.subject });
    if (!last) throw new Error('nothing in the stream');
    await jetstream(admin).publish(said.subject, last.data, { msgID: 'another id for the same event' });
    await say('after');
    await settle(async () => (await heard('after')).length === 1);
    expect(await heard('once')).toEqual([0]);
  });

  it('are tried again until they can be applied, and leave nothing of the tries that failed', async () => {
    await say('stumble');
    await settle(async () => (await heard('stumble')).length > 0);
    expect(await heard('stumble')).toEqual([0]);
    expect(stumbles).toBe(4);
  });

  it('that never can be applied go to the dead letters, and those behind them go on', async () => {
    const lag = async (): Promise<number | undefined> =>
      (await readMetrics(`http://127.0.0.1:${hearer.healthPort}`)).get(
        'erato_consumer_lag{consumer="authz-content"}',
      );
    await settle(async () => (await lag()) === 0);
    await say('poison');
    await say('behind');
    await settle(async () => (await lag()) === 2);
    await settle(async () => (await heard('behind')).length === 1, 30_000);
    await settle(async () => (await lag()) === 0);
    expect(await heard('poison')).toEqual([]);
    const manager = await jetstreamManager(admin);
    const dead = await settle(() =>
      manager.streams.getMessage('DEAD', { last_by_subj: 'dead.authz.content.word.said' }),
    );
    expect(dead.json<CloudEvent<Said>>().data.word).toBe('poison');
    expect(dead.header.get('Erato-Subject')).toBe(said.subject);
    expect(Number(dead.header.get('Erato-Tries'))).toBeGreaterThan(1);
  }, 40_000);

  it('that cannot even be read go to the dead letters, and those behind them go on', async () => {
    await jetstream(admin).publish(said.subject, 'not json');
    await say('readable');
    await settle(async () => (await heard('readable')).length === 1);
    const manager = await jetstreamManager(admin);
    const dead = await settle(() =>
      manager.streams.getMessage('DEAD', { last_by_subj: 'dead.authz.content.word.said' }),
    );
    expect(dead.string()).toBe('not json');
    expect(dead.header.get('Erato-Error')).toBe('malformed');
  }, 30_000);

  it('keep their order when the hearer ends in the middle of a backlog', async () => {
    await hearer.close();
    await say('backlog', 1_500);
    hearer = await startTestService(infra, hearerOptions, hearer.databaseUrl);
    await settle(async () => (await heard('backlog')).length > 0);
    await hearer.close();
    await say('backlog-later');
    hearer = await startTestService(infra, hearerOptions, hearer.databaseUrl);
    await settle(async () => (await heard('backlog-later')).length === 1, 20_000);
    expect(await heard('backlog')).toEqual(Array.from({ length: 1_500 }, (_, at) => at));
  }, 60_000);

  it('keep their order when a hearer was killed with some of them in hand, and do not wait for it', async () => {
    await hearer.close();
    await say('in-hand', 20);
    const consumer = await settle(() => jetstream(admin).consumers.get('EVENTS', 'authz-content'));
    await settle(async () => (await consumer.info()).num_pending >= 20);
    // As a process that is killed: it takes some and never says a word about them.
    let taken = 0;
    for await (const message of await consumer.fetch({ max_messages: 7, expires: 2_000 }))
      taken += message.seq > 0 ? 1 : 0;
    expect(taken).toBe(7);
    await say('in-hand-later');
    const since = Date.now();
    hearer = await startTestService(infra, hearerOptions, hearer.databaseUrl);
    await settle(async () => (await heard('in-hand-later')).length === 1, 20_000);
    expect(Date.now() - since).toBeLessThan(20_000);
    expect(await heard('in-hand')).toEqual(Array.from({ length: 20 }, (_, at) => at));
    const { rows } = await heardBy.query<{ word: string }>(
      `SELECT word FROM heard WHERE word LIKE 'in-hand%' ORDER BY n`,
    );
    expect(rows.at(-1)?.word).toBe('in-hand-later');
  }, 60_000);

  it('keep their order when the bus breaks while many are on their way', async () => {
    const words = [say('broken', 600), say('broken-b', 600)];
    await infra.crashNats();
    await Promise.allSettled(words);
    await settle(async () => {
      await say('mended');
      return (await heard('mended')).length > 0;
    }, 30_000);
    for (const word of ['broken', 'broken-b']) {
      const found = await heard(word);
      expect(found).toEqual([...found].sort((a, b) => a - b));
    }
  }, 60_000);

  it('said while the hearer was away are heard when it is back', async () => {
    await hearer.close();
    await say('away', 5);
    hearer = await startTestService(infra, hearerOptions, hearer.databaseUrl);
    await settle(async () => (await heard('away')).length === 5);
  }, 30_000);

  it('said while NATS was away are published when it is back', async () => {
    const outage = infra.restartNats();
    await outage;
    await settle(async () => {
      await say('restart', 3);
      return true;
    });
    await settle(async () => (await heard('restart')).length === 3, 20_000);
  }, 60_000);

  it('are shared out among replicas without being heard twice', async () => {
    const replica = await startTestService(infra, hearerOptions, hearer.databaseUrl);
    await say('replicas', 40);
    await settle(async () => (await heard('replicas')).length >= 40);
    await hearer.close();
    await say('successor', 5);
    await settle(async () => (await heard('successor')).length === 5);
    expect(await heard('replicas')).toHaveLength(40);
    hearer = { ...replica, databaseUrl: hearer.databaseUrl };
  }, 30_000);
});
