import { sortKey } from '../workspace/workspace.entity.js';
import type { PageQuery } from '@erato/contracts/kit/page-query';
import type { Parameters } from './parameters.js';

/** The greatest code point: what begins with a text lies between that text and it followed by this. */
const beyond = '\u{10FFFF}';

const ofThePage: ReadonlySet<string> = new Set<keyof PageQuery>(['limit', 'after', 'before', 'count']);

/** What of a request makes it this list and no other: all but the page that is asked for. */
export function listOf(request: PageQuery): object {
  const named: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(request)) if (!ofThePage.has(name)) named[name] = value;
  return named;
}

/** One value is compared as itself, since an index then gives its rows in order; several with `any`. */
export function anyOf(column: string, values: readonly string[] | undefined, into: Parameters): string {
  if (!values) return '';
  const [only] = values;
  if (only !== undefined && values.length === 1) return ` AND ${column} = ${into.add(only, 'text')}`;
  return ` AND ${column} = ANY (${into.add(values, 'text[]')})`;
}

/** Two comparisons, which an index answers also where the plan does not know the text. */
export function beginsWith(column: string, text: string, into: Parameters): string {
  const key = sortKey(text);
  return ` AND ${column} >= ${into.add(key, 'text')} AND ${column} < ${into.add(key + beyond, 'text')}`;
}
