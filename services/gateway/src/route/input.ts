import { invalid, invalidField, type FieldError } from '@erato/contracts/kit/failure';
import { malformedBody } from '../problem/failures.js';
import type { Route } from './route.js';

/** The deepest nesting of a body (http.md, Limits). */
const maxDepth = 20;
/** More query parameters than any route has. */
const maxParameters = 50;

/** What of a request makes the input. */
export interface RequestParts {
  readonly params: Readonly<Record<string, string>>;
  readonly query: Readonly<Record<string, string | string[]>>;
  /** The body's text; empty where there is none. */
  readonly body: string;
}

/** Puts a call's input together, as JSON. The service that owns the call validates it; only what HTTP adds is checked here. */
export function inputOf(route: Route, parts: RequestParts): string {
  const query = queryInput(route, parts.query);
  if (!route.takesBody) {
    return JSON.stringify(Object.assign(query, pathInput(route, parts.params)));
  }
  const body = bodyInput(parts.body);
  for (const param of route.params) {
    if (Object.hasOwn(body, param))
      throw invalidField(param, 'unknown_field', 'stands in the path, not in the body');
  }
  return JSON.stringify(Object.assign(body, query, pathInput(route, parts.params)));
}

function pathInput(route: Route, params: RequestParts['params']): Readonly<Record<string, unknown>> {
  if (route.paramReaders.size === 0) return params;
  const read = Object.entries(params).map(([name, text]) => [
    name,
    route.paramReaders.get(name)?.(text) ?? text,
  ]);
  return Object.fromEntries(read) as Record<string, unknown>;
}

function queryInput(route: Route, given: RequestParts['query']): Record<string, unknown> {
  const input: Record<string, unknown> = {};
  const errors: FieldError[] = [];
  const names = Object.keys(given);
  if (names.length > maxParameters) throw invalid({ detail: 'Too many query parameters.' });
  for (const name of names) {
    const read = route.query.get(name);
    const value = given[name];
    if (!read)
      errors.push({ path: name.slice(0, 100), code: 'unknown_parameter', message: 'is not known here' });
    else if (typeof value !== 'string')
      errors.push({ path: name, code: 'duplicate', message: 'is given twice' });
    else input[name] = read(value);
  }
  if (errors.length > 0) throw invalid({ errors });
  return input;
}

function bodyInput(text: string): Record<string, unknown> {
  if (text === '') return {};
  if (depthOf(text) > maxDepth)
    throw invalid({ detail: `The body is nested deeper than ${maxDepth} levels.` });
  let body: unknown;
  try {
    body = JSON.parse(text);
  } catch {
    throw malformedBody();
  }
  if (typeof body !== 'object' || body === null || Array.isArray(body)) {
    throw invalid({ detail: 'The body must be a JSON object.' });
  }
  // Object.assign would run the setter of such a key instead of keeping it as a field to be refused.
  if (Object.hasOwn(body, '__proto__')) throw invalidField('__proto__', 'unknown_field', 'is not known here');
  return body as Record<string, unknown>;
}

/** The nesting of a JSON text, found without building it. */
export function depthOf(text: string): number {
  let depth = 0;
  let deepest = 0;
  let inString = false;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (inString) {
      if (code === 0x5c) at++;
      else if (code === 0x22) inString = false;
    } else if (code === 0x22) inString = true;
    else if (code === 0x7b || code === 0x5b) deepest = Math.max(deepest, ++depth);
    else if (code === 0x7d || code === 0x5d) depth--;
  }
  return deepest;
}
