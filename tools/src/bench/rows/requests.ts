import type { Arena, Contender, Median, Work } from '../contest.js';
import type { Artist, Reader } from '../people.js';
import type { Row } from '../report.js';
import type { Side } from '../side.js';
import { costRow, rateRow } from './compare.js';

/** Whom the rows compare, and as whom they call. */
export interface Field {
  readonly arena: Arena;
  /** Reads, and owns nothing. */
  readonly reader: Reader;
  /** Writes. */
  readonly artist: Artist;
  readonly erato: Side;
  readonly bare: Side;
}

/**
 * Where the limit has its JSON from: JavaScript or Postgres writes it at each request, or it passes on what the rows keep. Only
 * the first two are the limit: to keep JSON is a choice of Erato's tables, and not of whoever reads them.
 */
export const variants = ['js', 'sql', 'kept'] as const;
type Variant = (typeof variants)[number];
export const listPath = '/v1/resources?type=post&sort=-publishedAt&limit=20';

const get = (field: Field, ids: readonly string[], prefix = ''): Work => ({
  token: field.reader.api.token,
  method: 'GET',
  paths: ids.map((id) => `${prefix}/v1/resources/${id}`),
  status: 200,
});
const list = (field: Field, prefix = ''): Work => ({
  token: field.reader.api.token,
  method: 'GET',
  paths: [prefix + listPath],
  status: 200,
});
const create = (field: Field): Work => ({
  token: field.artist.api.token,
  method: 'POST',
  paths: ['/v1/resources'],
  bodies: Array.from({ length: 200 }, (_, at) => JSON.stringify(aPost(field.artist.workspaceId, at))),
  status: 201,
});

/** A post of some 600 characters, as an artist writes one. */
export function aPost(workspaceId: string, at: number): object {
  const paragraph = 'Between two rehearsals we found a tape from the **first winter** and put it on again. ';
  const body = `${paragraph.repeat(4).trim()}\n\nTickets are [here](https://tickets.example.com/${String(at)}).\n\n${paragraph.repeat(2).trim()}`;
  const authors = [{ authorType: 'workspace', authorId: workspaceId }];
  return { type: 'post', title: `On tour, part ${String(at)}`, status: 'LISTED', authors, post: { body } };
}

/** GET and LIST against the limit. */
export async function readRows(field: Field, ids: readonly string[]): Promise<Row[]> {
  const { arena } = field;
  const gets = await contenders(field, 'GET', (prefix) => get(field, ids, prefix));
  const at16 = await contest(arena, 'GET', gets, 16);
  const [eratoGet, bareGet] = gets;
  const at64 = await pair(arena, 'GET at 64', eratoGet, bareGet, 64);
  const at1 = await pair(arena, 'GET at 1', eratoGet, bareGet, 1);
  const lists = await contenders(field, 'LIST', (prefix) => list(field, prefix));
  const listAt16 = await contest(arena, 'LIST', lists, 16);
  return [
    rateRow('GET /v1/resources/{id}', at16.limit, 0.5, 0.75),
    rateRow('GET at 64 connections', at64, undefined, 1),
    costRow('GET, CPU of all processes', 'cpu', at16.limit, 3, 1.7),
    costRow('GET p99', 'p99', at16.limit, 2.5, 1.5),
    costRow('GET p50 at 1 connection', 'p50', at1, 4, 3),
    rateRow('GET against JSON that rows keep', at16.kept),
    rateRow('LIST /v1/resources', listAt16.limit, 0.55, 0.8),
    costRow('LIST, CPU of all processes', 'cpu', listAt16.limit),
    rateRow('LIST against JSON that rows keep', listAt16.kept),
  ];
}

/** POST against the limit's one statement. */
export async function writeRows(field: Field): Promise<Row[]> {
  const work = create(field);
  const [erato, bare] = [
    { side: field.erato, work },
    { side: field.bare, work },
  ];
  await field.arena.warm(erato);
  await field.arena.warm(bare);
  const measured = await pair(field.arena, 'POST', erato, bare, 16);
  return [
    rateRow('POST /v1/resources', measured, 0.4, 0.65),
    costRow('POST, CPU of all processes', 'cpu', measured),
  ];
}

/** What GET and LIST cost Erato at one size. */
export interface SizeCost {
  readonly get: Median;
  readonly list: Median;
}

/** Measures Erato alone, warm: the same number of resources is asked for whatever there are. */
export async function sizeCost(
  { arena, ...field }: Field,
  ids: readonly string[],
  size: number,
): Promise<SizeCost> {
  const asked = { arena, ...field };
  const contenders = [get(asked, ids), list(asked)].map((work) => ({ side: field.erato, work }));
  for (const each of contenders) await arena.warm(each);
  const measure = async (what: string, each: Contender | undefined): Promise<Median> => {
    if (each === undefined) throw new Error('nothing to measure');
    const [median] = await arena.contest(`${what} of ${String(size)}`, [each], 16);
    if (median === undefined) throw new Error('nothing was measured');
    return median;
  };
  return { get: await measure('GET', contenders[0]), list: await measure('LIST', contenders[1]) };
}

/** Erato, the faster way of the limit to write JSON, found out in this very run, and that which passes on what rows keep, all warm. */
async function contenders(
  { arena, ...sides }: Field,
  what: string,
  work: (prefix?: string) => Work,
): Promise<[erato: Contender, bare: Contender, kept: Contender]> {
  const bareAs = (variant: Variant): Contender => ({ side: sides.bare, work: work(`/${variant}`) });
  const [erato, js, sql, kept] = [
    { side: sides.erato, work: work() },
    ...([bareAs('js'), bareAs('sql'), bareAs('kept')] as const),
  ];
  for (const each of [erato, js, sql, kept]) await arena.warm(each);
  const [inJs, inSql] = await arena.contest(`bare ${what}, JSON in JavaScript and in SQL`, [js, sql], 16);
  return [erato, (inSql?.perSecond ?? 0) > (inJs?.perSecond ?? 0) ? sql : js, kept];
}

async function contest(
  arena: Arena,
  what: string,
  all: readonly Contender[],
  connections: number,
): Promise<Record<'limit' | 'kept', [Median, Median]>> {
  const [erato, bare, kept] = await arena.contest(what, all, connections);
  if (!erato || !bare || !kept) throw new Error('nothing was measured');
  return { limit: [erato, bare], kept: [erato, kept] };
}

async function pair(
  arena: Arena,
  what: string,
  erato: Contender,
  bare: Contender,
  connections: number,
): Promise<[Median, Median]> {
  const [first, second] = await arena.contest(what, [erato, bare], connections);
  if (first === undefined || second === undefined) throw new Error('nothing was measured');
  return [first, second];
}
