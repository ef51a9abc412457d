import { shape, type Fields, type Shaped } from './shape.js';

/** What a handler is told of its request. */
export interface Call<Q, B> {
  readonly query: Q;
  readonly body: B;
  /** The body as it came. */
  readonly input: unknown;
  /** A part of the path by its name in the pattern. */
  readonly param: (name: string) => string;
  readonly ip: string | null;
  readonly userAgent: string | null;
}

export interface Reply {
  readonly status: number;
  readonly json?: unknown;
  readonly html?: string;
  readonly text?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** A request as it came, before a route has read it. */
export interface RawCall {
  readonly query: unknown;
  readonly body: unknown;
  readonly ip: string | null;
  readonly userAgent: string | null;
}

export interface Route {
  readonly method: string;
  readonly segments: readonly string[];
  /** Needs no API key. */
  readonly open: boolean;
  /** Takes an `Idempotency-Key`. */
  readonly creates: boolean;
  /** Reads an HTML form instead of JSON. */
  readonly form: boolean;
  readonly run: (raw: RawCall, params: ReadonlyMap<string, string>) => Reply;
}

interface Spec<Q extends Fields, B extends Fields> {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  /** `/users/:id`; literal parts win over parameters by standing earlier in the table. */
  readonly path: string;
  readonly open?: boolean;
  readonly creates?: boolean;
  readonly form?: boolean;
  readonly query?: Q;
  readonly body?: B;
  /** The handler checks the body itself, as `input`. */
  readonly ownBody?: boolean;
  readonly handle: (call: Call<Shaped<Q>, Shaped<B>>) => Reply;
}

/** Declares one operation by the fields that it reads; all others are refused. */
export function route<Q extends Fields, B extends Fields>(spec: Spec<Q, B>): Route {
  const query = shape(spec.query ?? ({} as Q));
  const body = shape(spec.body ?? ({} as B));
  return {
    method: spec.method,
    segments: spec.path.split('/'),
    open: spec.open ?? false,
    creates: spec.creates ?? false,
    form: spec.form ?? false,
    run: (raw, params) =>
      spec.handle({
        query: query(raw.query),
        body: body(spec.ownBody === true ? {} : raw.body),
        input: raw.body,
        param: (name) => params.get(name) ?? '',
        ip: raw.ip,
        userAgent: raw.userAgent,
      }),
  };
}

/** Finds the route for a path; undefined when nothing here speaks it. */
export function match(
  routes: readonly Route[],
  method: string,
  path: string,
): { route: Route; params: ReadonlyMap<string, string> } | undefined {
  const parts = path.split('/');
  for (const candidate of routes) {
    if (candidate.method !== method || candidate.segments.length !== parts.length) continue;
    const params = new Map<string, string>();
    const fits = candidate.segments.every((segment, i) => {
      const part = parts[i] ?? '';
      if (!segment.startsWith(':')) return segment === part;
      const value = decode(part);
      if (value === undefined || value === '') return false;
      params.set(segment.slice(1), value);
      return true;
    });
    if (fits) return { route: candidate, params };
  }
  return undefined;
}

function decode(part: string): string | undefined {
  try {
    return decodeURIComponent(part);
  } catch {
    return undefined;
  }
}
