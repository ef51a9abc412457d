import { afterAll, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import fc from 'fast-check';
import { Pool } from 'pg';
import { statement } from '@erato/platform/database/statement';
import { TextReads } from '@erato/platform/database/text-reads';
import { startInfra, type Infra } from '@erato/testing/infra';

/** Texts that Postgres can hold, among them all that its lists write in a special way. */
const anyText = fc.oneof(
  fc.string({ unit: 'binary' }).map((text) => text.replaceAll('\0', '')),
  fc.string({ unit: fc.constantFrom('"', '\\', ',', '{', '}', ' ', 'a') }),
  fc.constantFrom('NULL', 'null', '{}', ''),
);

const one = statement('SELECT 1');
const divided = statement('SELECT 12 / $1::integer');
const asleep = statement('SELECT 1 FROM (SELECT pg_sleep($1::float8)) AS s');

describe('rows read as texts', () => {
  let infra: Infra;
  let pool: Pool;
  let reads: TextReads;

  beforeAll(async () => {
    infra = await startInfra();
    pool = new Pool({
      connectionString: await infra.database('content'),
      max: 4,
      options: '-c timezone=UTC',
    });
    pool.on('error', () => undefined);
  }, 60_000);

  beforeEach(() => {
    reads = new TextReads(pool);
  });

  afterAll(async () => {
    await pool.end();
    await infra.close();
  });

  it('are what Postgres writes, column by column', async () => {
    const every = statement(
      `SELECT $1::integer, $2::boolean, $3::text, '{"a": [1]}'::json, '2026-11-21T10:00:00.5Z'::timestamptz, ARRAY['a', 'b']`,
    );
    for (let run = 0; run < 2; run++) {
      expect(await reads.rows(every, [7, true, null])).toEqual([
        ['7', 't', null, '{"a": [1]}', '2026-11-21 10:00:00.5+00', '{a,b}'],
      ]);
    }
    expect(await reads.rows(statement('SELECT 1 WHERE false'), [])).toEqual([]);
  });

  it('hold every text of a list as it was given, however many are asked for at once', async () => {
    const each = statement('SELECT x FROM unnest($1::text[]) WITH ORDINALITY AS u (x, at) ORDER BY at');
    await fc.assert(
      fc.asyncProperty(fc.array(fc.array(anyText, { maxLength: 6 }), { maxLength: 40 }), async (lists) => {
        const found = await Promise.all(lists.map((list) => reads.rows(each, [list])));
        expect(found.map((rows) => rows.map(([text]) => text))).toEqual(lists);
      }),
      { numRuns: 200 },
    );
  });

  it('of one turn share connections', async () => {
    const process = statement('SELECT pg_backend_pid()');
    const asked = Array.from({ length: 16 }, () => reads.rows(process, []));
    const pids = (await Promise.all(asked)).map(([row]) => row?.[0]);
    expect(new Set(pids).size).toBe(2);
  });

  it('fail alone: what stands behind in the same batch is answered', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.integer({ min: 0, max: 3 }), { maxLength: 20 }), async (by) => {
        const told = await Promise.allSettled(by.map((each) => reads.rows(divided, [each])));
        const answers = told.map((each): unknown => (each.status === 'fulfilled' ? each.value : each.reason));
        expect(answers).toEqual(
          by.map((each) => (each === 0 ? expect.objectContaining({ code: '22012' }) : [[String(12 / each)]])),
        );
      }),
      { numRuns: 50 },
    );
    const missing = statement('SELECT nothing FROM nowhere');
    const [first, second] = await Promise.allSettled([reads.rows(missing, []), reads.rows(one, [])]);
    expect(first).toMatchObject({ status: 'rejected', reason: { code: '42P01' } });
    expect(second).toMatchObject({ status: 'fulfilled', value: [['1']] });
  });

  it('fail where the connection breaks, what was behind and the next one over a new one', async () => {
    const cut = statement('SELECT pg_terminate_backend(pg_backend_pid())');
    const [first, second] = await Promise.allSettled([reads.rows(cut, []), reads.rows(one, [])]);
    expect(first.status).toBe('rejected');
    expect(second).toMatchObject({ status: 'fulfilled', value: [['1']] });
    expect(await reads.rows(one, [])).toEqual([['1']]);
  });

  it('know what the pool has prepared, and it knows theirs', async () => {
    const { name, text } = statement('SELECT 1 AS shared');
    const single = new Pool({ connectionString: pool.options.connectionString, max: 1 });
    const own = new TextReads(single);
    for (let run = 0; run < 2; run++) {
      expect((await single.query({ name, text })).rows).toEqual([{ shared: 1 }]);
      expect(await own.rows({ name, text }, [])).toEqual([['1']]);
    }
    const other = statement('SELECT 2 AS shared');
    expect(await own.rows(other, [])).toEqual([['2']]);
    expect((await single.query(other)).rows).toEqual([{ shared: 2 }]);
    await single.end();
  });

  it('wait for a slow one once: then it goes alone for a while, quick or not', async () => {
    const ended: string[] = [];
    const ask = async (seconds: number): Promise<string[]> => {
      ended.length = 0;
      const slow = reads.rows(asleep, [seconds]).then(() => ended.push('slow'));
      const quick = reads.rows(divided, [1]).then(() => ended.push('quick'));
      await Promise.all([slow, quick]);
      return [...ended];
    };
    expect(await ask(0.2)).toEqual(['slow', 'quick']);
    expect(await ask(0.2)).toEqual(['quick', 'slow']);
    await ask(0);
    expect(await ask(0.2)).toEqual(['quick', 'slow']);
    const later = Date.now() + 11_000;
    jest.spyOn(Date, 'now').mockReturnValue(later);
    await ask(0);
    expect(await ask(0.2)).toEqual(['slow', 'quick']);
    jest.restoreAllMocks();
  });

  it('fail together where they cannot be sent, and their connection is given up', async () => {
    const single = new Pool({ connectionString: pool.options.connectionString, max: 1 });
    single.on('connect', (client) => {
      Object.assign(client, { query: () => thrown() });
    });
    const own = new TextReads(single);
    const told = await Promise.allSettled([own.rows(one, []), own.rows(divided, [1])]);
    expect(told).toMatchObject([
      { status: 'rejected', reason: { message: 'not today' } },
      { status: 'rejected', reason: { message: 'not today' } },
    ]);
    expect(single.totalCount).toBe(0);
    await single.end();
  });
});

function thrown(): never {
  throw new Error('not today');
}
