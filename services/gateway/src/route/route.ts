import type { AnyCall, CallTable, Method } from '@erato/contracts/kit/call';
import { schemasOf, type JsonSchema } from '@erato/contracts/kit/schema';
import {
  alreadyDone,
  commonFailures,
  idempotencyConflict,
  preconditionFailed,
  type FailureType,
} from '@erato/contracts/kit/failure';
import {
  actAsNotAllowed,
  headerInvalid,
  idempotencyInProgress,
  malformedBody,
  wrongMediaType,
} from '../problem/failures.js';

/** A call as HTTP sees it: where each field of its input comes from. */
export interface Route {
  readonly call: AnyCall;
  readonly method: Method;
  /** With parameters in braces. */
  readonly path: string;
  readonly params: readonly string[];
  /** How parameters of the path are read that are no text. */
  readonly paramReaders: ReadonlyMap<string, (text: string) => unknown>;
  /** Fields that come from the query string, with how each is read from text. */
  readonly query: ReadonlyMap<string, (text: string) => unknown>;
  readonly takesBody: boolean;
  /** Whether `If-Match` is compared with a version; a PUT, PATCH or DELETE of what has none refuses every version. */
  readonly versions: 'compared' | 'refused' | 'ignored';
}

/** The fields of a call's input. */
const inputFields = (call: AnyCall): Record<string, JsonSchema> =>
  schemasOf(call.request)[call.request.name]?.properties ?? {};

/** Every path of a call; none for a call that only services make. */
export function routesOf(call: AnyCall): Route[] {
  const { http } = call;
  if (!http) return [];
  return [http.path, ...(http.alias ? [http.alias] : [])].map((path) => routeAt(call, http.method, path));
}

/** Every route of tables of calls. */
export const routesIn = (tables: readonly CallTable[]): Route[] =>
  tables.flatMap((table) => Object.values(table).flatMap(routesOf));

function routeAt(call: AnyCall, method: Method, path: string): Route {
  const fields = inputFields(call);
  const params = [...path.matchAll(/\{(\w+)\}/g)].map((match) => match[1] ?? '');
  for (const param of params) {
    if (!fields[param]) throw new Error(`${call.subject}: {${param}} of its path is no field of its request`);
  }
  const takesBody = method === 'POST' || method === 'PUT' || method === 'PATCH';
  const fromQuery = takesBody ? [] : Object.keys(fields).filter((field) => !params.includes(field));
  return {
    call,
    method,
    path,
    params,
    paramReaders: new Map(
      params
        .filter((param) => fields[param]?.type === 'integer')
        .map((param) => [param, readerOf(fields[param] ?? {})]),
    ),
    query: new Map(fromQuery.map((field) => [field, readerOf(fields[field] ?? {})])),
    takesBody,
    versions: versionsOf(call, method),
  };
}

function versionsOf({ fails }: AnyCall, method: Method): Route['versions'] {
  if (fails.some(({ code }) => code === preconditionFailed.code)) return 'compared';
  return method === 'GET' || method === 'POST' ? 'ignored' : 'refused';
}

/** Coercion is for what HTTP gives as text, the query string and the path: numbers, switches, and lists separated by commas; the rest stays text. */
function readerOf(schema: JsonSchema): (text: string) => unknown {
  const type = Array.isArray(schema.type) ? schema.type[0] : schema.type;
  if (type === 'integer' || type === 'number') {
    return (text) => (/^-?\d{1,15}(?:\.\d{1,15})?$/.test(text) ? Number(text) : text);
  }
  if (type === 'boolean') return (text) => (text === 'true' ? true : text === 'false' ? false : text);
  if (type === 'array') return (text) => text.split(',');
  return (text) => text;
}

/** Every failure that a route can answer with: the call's, those of every call, and those that only HTTP has. */
export function failuresOf({ call, method, takesBody, versions }: Route): readonly FailureType[] {
  return [
    ...commonFailures,
    headerInvalid,
    ...(takesBody ? [malformedBody, wrongMediaType] : []),
    actAsNotAllowed,
    ...(method === 'POST' ? [idempotencyConflict, idempotencyInProgress, alreadyDone] : []),
    ...(versions === 'refused' ? [preconditionFailed] : []),
    ...call.fails,
  ];
}
