import { v7 as uuidv7 } from 'uuid';
import { tables } from '@erato/contracts/catalogue';
import type { AnyCall, Method } from '@erato/contracts/kit/call';
import { schemasOf, type JsonSchema } from '@erato/contracts/kit/schema';

/** A route of the contracts, with what a request to it is made of. */
export interface Route {
  readonly name: string;
  readonly call: AnyCall;
  readonly method: Method;
  /** The path with its parameters in braces. */
  readonly template: string;
  /** The path with values that are well-formed and belong to nothing. */
  readonly path: string;
  readonly params: readonly string[];
  readonly fields: Readonly<Record<string, JsonSchema>>;
  /** The example's body. */
  readonly body: Readonly<Record<string, unknown>> | undefined;
  /** Whether `If-Match` holds a request to a version of what it changes. */
  readonly isVersioned: boolean;
}

/** Every route of every contract, aliases too: what is generated from it covers a new route by itself. */
export const routes: readonly Route[] = tables
  .flatMap((table) => Object.values(table))
  .flatMap((call): Route[] => {
    if (!call.http) return [];
    const { method, path, alias } = call.http;
    return [path, ...(alias ? [alias] : [])].map((template) => routeAt(call, method, template));
  });

function routeAt(call: AnyCall, method: Method, template: string): Route {
  const fields = schemasOf(call.request)[call.request.name]?.properties ?? {};
  const params = [...template.matchAll(/\{(\w+)\}/g)].map((match) => match[1] ?? '');
  const given = (call.example.request ?? {}) as Record<string, unknown>;
  const path = template.replaceAll(/\{(\w+)\}/g, (_, name: string) =>
    unknownValue(fields[name] ?? {}, given[name]),
  );
  const body = Object.fromEntries(Object.entries(given).filter(([name]) => !params.includes(name)));
  const takesBody = ['POST', 'PUT', 'PATCH'].includes(method);
  const isVersioned = call.fails.some(({ code }) => code === 'precondition_failed');
  return {
    ...{ name: `${method} ${template}`, call, method, template, path, params, fields, isVersioned },
    body: takesBody ? body : undefined,
  };
}

/** A value of the field's form that names nothing: a fresh UUID where ids are UUIDs, else the example with another end. */
function unknownValue(schema: JsonSchema, example: unknown): string {
  if (schema.format === 'uuid') return uuidv7();
  if (schema.enum) return String(schema.enum[0]);
  if (schema.type === 'integer') return String(schema.minimum ?? 1);
  return typeof example === 'string' ? example : 'nothing_here';
}

/** The routes as cases of a test, by name. */
export const named = (matches: (route: Route) => boolean): [string, Route][] =>
  routes.filter(matches).map((route) => [route.name, route]);

/** Whether a path can be read as one of the template. */
export function fits(template: string, path: string): boolean {
  const parts = template.split('/');
  const given = path.split('/');
  return (
    parts.length === given.length && parts.every((part, at) => part.startsWith('{') || part === given[at])
  );
}

/** Whether it answers with one object that has a version. */
export const hasVersion = ({ call: { reply } }: Route): boolean =>
  reply.shape === 'one' &&
  reply.item !== null &&
  Object.hasOwn(schemasOf(reply.item)[reply.item.name]?.properties ?? {}, 'version');
