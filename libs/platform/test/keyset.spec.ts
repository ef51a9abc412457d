import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { Client } from 'pg';
import { v7 as uuidv7 } from 'uuid';
import type { Page } from '@erato/contracts/kit/call';
import { Keyset, type PageRequest, type Sort } from '@erato/platform/paging/keyset';
import { startInfra, type Infra } from '@erato/testing/infra';

interface Row {
  id: string;
  rank: string | null;
}

describe('keyset pages', () => {
  let infra: Infra;
  let client: Client;

  beforeAll(async () => {
    infra = await startInfra();
    client = new Client({ connectionString: await infra.database('content') });
    await client.connect();
    await client.query('CREATE TABLE things (id uuid PRIMARY KEY, rank bigint)');
  }, 60_000);

  afterAll(async () => {
    await client.end();
    await infra.close();
  });

  async function read(request: PageRequest, sort: Sort): Promise<Page<string>> {
    const keyset = new Keyset(request, ['things', sort], sort, 1);
    const sql = `SELECT id, rank FROM things WHERE true${keyset.where} ORDER BY ${keyset.order} LIMIT ${String(keyset.fetch)}`;
    const { rows } = await client.query<Row>(sql, [...keyset.values]);
    return keyset.page(
      rows,
      (row) => ({ value: row.rank, id: row.id }),
      (row) => row.id,
    );
  }

  it('read forwards and backwards give the whole list in its order, nulls last, whatever the page size', async () => {
    const ranks = fc.array(fc.option(fc.integer({ min: 0, max: 4 })), { maxLength: 25 });
    await fc.assert(
      fc.asyncProperty(
        ranks,
        fc.boolean(),
        fc.integer({ min: 1, max: 7 }),
        async (given, descending, limit) => {
          await client.query('TRUNCATE things');
          for (const rank of given)
            await client.query('INSERT INTO things VALUES ($1, $2)', [uuidv7(), rank]);
          const sort: Sort = { column: 'rank', descending, type: 'bigint', nullable: true };
          const direction = descending ? 'DESC' : 'ASC';
          const { rows } = await client.query<Row>(
            `SELECT id FROM things ORDER BY rank ${direction} NULLS LAST, id ${direction}`,
          );
          const expected = rows.map((row) => row.id);

          const forwards: string[] = [];
          let page = await read({ limit }, sort);
          expect(page.meta.before).toBeNull();
          for (;;) {
            forwards.push(...page.data);
            if (page.meta.after === null) break;
            page = await read({ limit, after: page.meta.after }, sort);
          }
          expect(forwards).toEqual(expected);

          const backwards = [...page.data];
          while (page.meta.before !== null) {
            page = await read({ limit, before: page.meta.before }, sort);
            backwards.unshift(...page.data);
          }
          expect(backwards).toEqual(expected);
        },
      ),
      { numRuns: 40 },
    );
  }, 60_000);

  it('refuse a cursor of another list, and one that somebody altered', async () => {
    await client.query('TRUNCATE things');
    for (let rank = 0; rank < 3; rank++)
      await client.query('INSERT INTO things VALUES ($1, $2)', [uuidv7(), rank]);
    const sort: Sort = { column: 'rank', descending: false, type: 'bigint' };
    const cursor = (await read({ limit: 1 }, sort)).meta.after ?? '';
    const [digest, value, id] = JSON.parse(Buffer.from(cursor, 'base64url').toString()) as [
      string,
      string,
      string,
    ];
    const altered = (parts: unknown): string => Buffer.from(JSON.stringify(parts)).toString('base64url');
    const refused = [
      () => read({ after: cursor }, { ...sort, descending: true }),
      () => read({ after: altered([digest, 'x; drop table things', id]) }, sort),
      () => read({ after: altered([digest, value, 'not an id']) }, sort),
      () => read({ after: altered([digest, null, id]) }, sort),
      () => read({ after: 'nonsense' }, sort),
      () => read({ after: cursor, before: cursor }, sort),
    ];
    for (const attempt of refused) {
      const error: unknown = await attempt().catch((thrown: unknown) => thrown);
      expect(error).toMatchObject({ name: 'Failure', code: 'cursor_invalid' });
    }
  });
});
