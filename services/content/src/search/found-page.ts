import type { Found, Search } from '@erato/contracts/content/search';
import type { Page } from '@erato/contracts/kit/call';
import type { Db } from '@erato/platform/database/db';
import { statement } from '@erato/platform/database/statement';
import { Keyset } from '@erato/platform/paging/keyset';
import { written } from '@erato/platform/transport/server';
import { listOf } from '../access/filters.js';
import type { Viewer } from '../access/viewer.js';
import { SearchStatement } from './search-statement.js';

const bestFirst = { column: 'f.score', descending: true, type: 'bigint' } as const;

interface FoundRow extends Record<string, unknown> {
  readonly id: string;
  readonly score: number;
  readonly json: string;
}

/**
 * Reads a page of what was found; the JSON of the items is written by Postgres. What is merely alike is looked for only where
 * what has the words does not fill the page.
 */
export async function readFound(db: Pick<Db, 'rows'>, input: Search, viewer: Viewer): Promise<Page<Found>> {
  const exact = input.before === undefined ? await rowsOf(db, input, viewer, false) : null;
  const isFilled = exact !== null && exact.rows.length > (input.limit ?? 20);
  const { keyset, rows } = isFilled ? exact : await rowsOf(db, input, viewer, true);
  const { data, meta } = keyset.page(
    rows,
    ({ score, id }) => ({ value: score, id }),
    ({ json }) => json,
  );
  return written(`{"data":[${data.join(',')}],"meta":${JSON.stringify(meta)}}`);
}

async function rowsOf(db: Pick<Db, 'rows'>, input: Search, viewer: Viewer, alike: boolean) {
  const search = new SearchStatement(input, viewer, alike);
  const keyset = new Keyset(input, ['search', listOf(input)], bestFirst, search.into.next, 'f.id');
  for (const value of keyset.values) search.into.add(value);
  const { where, order, fetch: limit } = keyset;
  const text = search.text({ where, order, limit });
  return { keyset, rows: await db.rows<FoundRow>(statement(text), search.into.values) };
}
