import type { FoundType, Search } from '@erato/contracts/content/search';
import { resourceTypes, type ResourceType } from '@erato/contracts/content/resource-parts';
import { anyOf } from '../access/filters.js';
import { mayRead } from '../access/may-read.js';
import { Parameters } from '../access/parameters.js';
import type { Viewer } from '../access/viewer.js';
import { foundJson } from './found-json.js';

/** How many are looked at and ranked at most, of each kind and way of fitting. */
const most = { beginning: 200, shown: 1_000, rest: 300, alike: 300 } as const;

interface Searched {
  readonly table: string;
  /** The columns of its title and of what else it says, of the row `r`. */
  readonly title: string;
  readonly text: string;
  /** What is searched at all, and what of it everyone may see. */
  readonly listed: string;
  readonly shown: string;
  readonly rest: string;
  /** What the kind is worth beside how well something fits. */
  readonly bonus: number;
}

const searched: Readonly<Record<FoundType, Searched>> = {
  workspace: {
    ...{ table: 'workspaces', title: 'r.name', text: 'r.description', bonus: 100 },
    listed: 'true',
    shown: `r.visibility = 'public'`,
    rest: `r.visibility = 'private'`,
  },
  resource: {
    ...{ table: 'resources', title: 'r.title', text: 'r.excerpt', bonus: 0 },
    listed: `r.status = 'LISTED' AND r.published_at IS NOT NULL`,
    shown: 'r.shown',
    rest: 'NOT r.shown',
  },
};

/** What was asked, worked out once; both can be keys of an index. */
const folded = '(SELECT folded FROM asked)';
const query = '(SELECT query FROM asked)';

/**
 * Looks up and ranks. Each branch reads one index and stops at its bound, so that no question costs more than some thousand
 * rows; what everyone may see never stands behind what few may, and whose title begins as was asked is always among the ranked.
 * What is merely alike scores less than anything that has the words.
 */
export class SearchStatement {
  readonly into = new Parameters();
  readonly #q: string;
  readonly #kinds: readonly FoundType[];
  readonly #types: readonly ResourceType[] | undefined;

  constructor(
    { q, type }: Pick<Search, 'q' | 'type'>,
    private readonly viewer: Viewer,
    private readonly alike: boolean,
  ) {
    this.#q = this.into.add(q, 'text');
    const types = resourceTypes.filter((each) => type?.includes(each));
    const hasResources = !type || type.includes('resource') || types.length > 0;
    this.#kinds = [
      ...(!type || type.includes('workspace') ? (['workspace'] as const) : []),
      ...(hasResources ? (['resource'] as const) : []),
    ];
    this.#types = type && !type.includes('resource') ? types : undefined;
  }

  /** The page of it: `page` says which rows of `f`, by score and id, in which order and how many. */
  text(page: { where: string; order: string; limit: number }): string {
    const all = this.#kinds.map((kind) => this.#ranked(kind)).join(' UNION ALL ');
    const json = this.#kinds.map(
      (kind) =>
        `WHEN '${kind}' THEN (SELECT ${foundJson[kind]} FROM ${searched[kind].table} r WHERE r.id = f.id)`,
    );
    return `
      WITH asked AS MATERIALIZED (
        SELECT left(search_fold(${this.#q}), 100) AS folded, search_query(${this.#q}) AS query)
      SELECT f.id, f.score, (CASE f.kind ${json.join(' ')} END)::text AS json FROM (
        SELECT f.* FROM (${all}) f WHERE true${page.where} ORDER BY ${page.order} LIMIT ${page.limit}
      ) f ORDER BY ${page.order}`;
  }

  #ranked(kind: FoundType): string {
    const { table, bonus, listed, title, text } = searched[kind];
    const beginning = `search_title(${title})`;
    return `
      SELECT '${kind}' AS kind, r.id, ${bonus} + CASE
        WHEN ${beginning} = ${folded} THEN 1000
        WHEN starts_with(${beginning}, ${folded} || ' ') THEN 900
        WHEN starts_with(${beginning}, ${folded}) THEN 800
        WHEN search_words(${title}, NULL) @@ ${query} THEN 600
        WHEN search_words(${title}, ${text}) @@ ${query} THEN 400
        ELSE 1 + round(200 * word_similarity(${folded}, ${beginning}))::integer END AS score
      FROM (${this.#candidates(kind)}) c JOIN ${table} r ON r.id = c.id
      WHERE ${listed} AND ${mayRead(kind, this.viewer, this.into)}`;
  }

  #candidates(kind: FoundType): string {
    const { table, title, text, listed, shown, rest } = searched[kind];
    const types = kind === 'resource' ? anyOf('r.type', this.#types, this.into) : '';
    const among = (which: string, condition: string, end: string): string =>
      `(SELECT r.id FROM ${table} r WHERE ${listed} AND ${which}${types} AND ${condition} ${end})`;
    const beginning = `search_title(${title})`;
    const begins = `${beginning} >= ${folded} AND ${beginning} < ${folded} || U&'\\+10FFFF' AND ${folded} <> ''`;
    const words = `search_words(${title}, ${text}) @@ ${query}`;
    const alike = `${folded} <% ${beginning}`;
    return [
      among(shown, begins, `ORDER BY ${beginning}, r.id LIMIT ${most.beginning}`),
      among(shown, words, `LIMIT ${most.shown}`),
      among(rest, words, `LIMIT ${most.rest}`),
      ...(this.alike
        ? [among(shown, alike, `LIMIT ${most.alike}`), among(rest, alike, `LIMIT ${most.alike}`)]
        : []),
    ].join(' UNION ');
  }
}
