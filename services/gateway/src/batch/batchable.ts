import { tables } from '@erato/contracts/catalogue';
import { routesIn, type Route } from '../route/route.js';

/** A path of a batch, taken apart. */
export interface BatchedRoute {
  readonly route: Route;
  readonly pathname: string;
  readonly params: Readonly<Record<string, string>>;
  readonly query: Readonly<Record<string, string | string[]>>;
}

/** Sign-in is asked for alone: its answers are about the credential itself. */
const isApart = ({ path }: Route): boolean =>
  path.startsWith('/v1/auth/') || path.startsWith('/v1/introspect');

/** The GETs of the contracts, those with fewer parameters first, so that a word wins over a parameter. */
let known: { readonly route: Route; readonly segments: readonly string[] }[] | undefined;
const routes = () =>
  (known ??= routesIn(tables)
    .filter((route) => route.method === 'GET' && !isApart(route))
    .map((route) => ({ route, segments: route.path.split('/') }))
    .sort((a, b) => a.route.params.length - b.route.params.length));

/**
 * The contract GET that a path names, or null. Only a path that is written as it would be sent is looked at: one with dots,
 * an authority, a fragment or anything else that a client would rewrite names nothing.
 */
export function batchable(path: string): BatchedRoute | null {
  const url = URL.parse(path, 'http://gateway');
  if (url?.origin !== 'http://gateway' || `${url.pathname}${url.search}` !== path) return null;
  const given = url.pathname.split('/');
  for (const { route, segments } of routes()) {
    if (segments.length !== given.length) continue;
    const params = match(segments, given);
    if (params) return { route, pathname: url.pathname, params, query: queryOf(url.searchParams) };
  }
  return null;
}

function match(segments: readonly string[], given: readonly string[]): Record<string, string> | null {
  const params: Record<string, string> = {};
  for (const [at, segment] of segments.entries()) {
    const part = given[at] ?? '';
    if (!segment.startsWith('{')) {
      if (segment !== part) return null;
      continue;
    }
    try {
      params[segment.slice(1, -1)] = decodeURIComponent(part);
    } catch {
      return null;
    }
    if (part === '') return null;
  }
  return params;
}

function queryOf(search: URLSearchParams): Record<string, string | string[]> {
  const query = Object.create(null) as Record<string, string | string[]>;
  for (const name of new Set(search.keys())) {
    const values = search.getAll(name);
    query[name] = values.length === 1 ? (values[0] ?? '') : values;
  }
  return query;
}
