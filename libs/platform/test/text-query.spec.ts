import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { Pool } from 'pg';
import { statement } from '@erato/platform/database/statement';
import { textsOf } from '@erato/platform/database/text-query';
import { startInfra, type Infra } from '@erato/testing/infra';

/** Texts that Postgres can hold, among them all that its lists write in a special way. */
const anyText = fc.oneof(
  fc.string({ unit: 'binary' }).map((text) => text.replaceAll('\0', '')),
  fc.string({ unit: fc.constantFrom('"', '\\', ',', '{', '}', ' ', 'a') }),
  fc.constantFrom('NULL', 'null', '{}', ''),
);

describe('rows read as texts', () => {
  let infra: Infra;
  let pool: Pool;

  beforeAll(async () => {
    infra = await startInfra();
    pool = new Pool({
      connectionString: await infra.database('content'),
      max: 2,
      options: '-c timezone=UTC',
    });
  }, 60_000);

  afterAll(async () => {
    await pool.end();
    await infra.close();
  });

  it('are what Postgres writes, column by column', async () => {
    const every = statement(
      `SELECT $1::integer, $2::boolean, $3::text, '{"a": [1]}'::json, '2026-11-21T10:00:00.5Z'::timestamptz, ARRAY['a', 'b']`,
    );
    for (let run = 0; run < 2; run++) {
      expect(await textsOf(pool, every, [7, true, null])).toEqual([
        ['7', 't', null, '{"a": [1]}', '2026-11-21 10:00:00.5+00', '{a,b}'],
      ]);
    }
    expect(await textsOf(pool, statement('SELECT 1 WHERE false'), [])).toEqual([]);
  });

  it('hold every text of a list as it was given, however many are asked for at once', async () => {
    const each = statement('SELECT x FROM unnest($1::text[]) WITH ORDINALITY AS u (x, at) ORDER BY at');
    await fc.assert(
      fc.asyncProperty(fc.array(fc.array(anyText, { maxLength: 6 }), { maxLength: 5 }), async (lists) => {
        const found = await Promise.all(lists.map((list) => textsOf(pool, each, [list])));
        expect(found.map((rows) => rows.map(([text]) => text))).toEqual(lists);
      }),
      { numRuns: 200 },
    );
  });

  it('fail as Postgres says, and the connection goes on', async () => {
    const divided = statement('SELECT 1 / $1::integer');
    await expect(textsOf(pool, divided, [0])).rejects.toMatchObject({ code: '22012' });
    await expect(textsOf(pool, statement('SELECT nothing FROM nowhere'), [])).rejects.toMatchObject({
      code: '42P01',
    });
    await expect(textsOf(pool, statement('SELECT nothing FROM nowhere'), [])).rejects.toMatchObject({
      code: '42P01',
    });
    expect(await textsOf(pool, divided, [1])).toEqual([['1']]);
    expect(pool.totalCount).toBeLessThanOrEqual(2);
  });

  it('fail where the connection breaks, and the next one is a new one', async () => {
    const cut = statement('SELECT pg_terminate_backend(pg_backend_pid())');
    pool.on('error', () => undefined);
    await expect(textsOf(pool, cut, [])).rejects.toThrow();
    expect(await textsOf(pool, statement('SELECT 1'), [])).toEqual([['1']]);
  });
});
