import type { AnyCall, CallTable } from '@erato/contracts/kit/call';
import { schemasOf, type JsonSchema } from '@erato/contracts/kit/schema';
import type { HandRoute } from '../introspection/hand-routes.js';
import { problemType } from '../problem/problem.js';
import { failuresOf, routesIn, type Route } from '../route/route.js';
import { handOperation, problemsByStatus } from './hand-operation.js';
import { introduction } from './introduction.js';

/** Doc comments of the contract classes, by class or `Class.field`; made at build time. */
export type Descriptions = Readonly<Record<string, string>>;

type Schemas = Record<string, JsonSchema>;
type Json = Record<string, unknown>;

/** The OpenAPI 3.1 document of every route: the contracts', and those that are written by hand. */
export function openApi(
  tables: readonly CallTable[],
  byHand: readonly HandRoute[],
  descriptions: Descriptions,
): Json {
  const routes = routesIn(tables);
  const paths: Record<string, Json> = {};
  for (const route of routes) (paths[route.path] ??= {})[route.method.toLowerCase()] = operation(route);
  for (const route of byHand) (paths[route.path] ??= {})[route.method.toLowerCase()] = handOperation(route);
  const nouns = new Set([
    ...routes.map(({ call }) => tagOf(call)),
    ...byHand.map(({ id }) => id.split('.')[0] ?? ''),
  ]);
  return {
    openapi: '3.1.0',
    jsonSchemaDialect: 'https://json-schema.org/draft/2020-12/schema',
    info: {
      title: 'Erato',
      version: '1.0.0',
      description: introduction,
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    servers: [{ url: '/' }],
    tags: [...nouns].map((name) => ({ name })),
    paths,
    components: {
      schemas: { ...messageSchemas(routes, descriptions), PageMeta: pageMeta, Problem: problem },
      securitySchemes: {
        bearer: {
          type: 'http',
          scheme: 'bearer',
          description: 'An API key (`erato_…`) or a WorkOS AuthKit access token.',
        },
      },
      headers: {
        RequestId: { description: 'Finds the request in the logs.', schema: { type: 'string' } },
        ETag: {
          description: 'The version of the object, for If-None-Match and If-Match.',
          schema: { type: 'string' },
        },
        Location: { description: 'Where the new object answers to GET.', schema: { type: 'string' } },
      },
    },
  };
}

const tagOf = (call: AnyCall): string => call.subject.split('.')[2] ?? call.service;

const operationId = (call: AnyCall): string => call.subject.split('.').slice(2).join('.');

function operation(route: Route): Json {
  const { call } = route;
  const fields = schemasOf(call.request)[call.request.name]?.properties ?? {};
  const required = new Set(schemasOf(call.request)[call.request.name]?.required ?? []);
  const scope = call.scope ? [call.scope] : [];
  const parameter = (name: string, place: 'path' | 'query'): Json => ({
    name,
    in: place,
    required: place === 'path' || required.has(name),
    schema: relocate(fields[name] ?? {}),
    ...(place === 'query' && fields[name]?.type === 'array' ? { style: 'form', explode: false } : {}),
  });
  const id = operationId(call);
  return {
    operationId: route.path === call.http?.path ? id : `${id}.alias`,
    summary: call.summary,
    description: [call.description, scopeLine(call)].filter(Boolean).join('\n\n'),
    tags: [tagOf(call)],
    security: [...(call.guest ? [{}] : []), { bearer: scope }],
    parameters: [
      ...route.params.map((name) => parameter(name, 'path')),
      ...[...route.query.keys()].map((name) => parameter(name, 'query')),
      ...headerParameters(route),
    ],
    ...(route.takesBody && bodyFields(route).length > 0 ? { requestBody: requestBody(route) } : {}),
    responses: { ...success(route), ...problemsByStatus(failuresOf(route)) },
    'x-erato-message': call.subject,
    'x-erato-service': call.service,
  };
}

const scopeLine = (call: AnyCall): string =>
  call.scope
    ? `Scope: \`${call.scope}\`${call.guest ? '; guests are served too' : ''}.`
    : call.guest
      ? 'Guests are served too.'
      : '';

function headerParameters(route: Route): Json[] {
  const header = (name: string, description: string): Json => ({
    name,
    in: 'header',
    description,
    schema: { type: 'string' },
  });
  return [
    ...(route.method === 'POST'
      ? [header('Idempotency-Key', 'Makes a repetition give the first answer again.')]
      : []),
    ...(route.versions === 'compared'
      ? [header('If-Match', 'The version that this change was made from.')]
      : []),
    ...(route.call.actAs ? [header('Erato-Act-As', '`workspace:<id>`: in whose name this is made.')] : []),
  ];
}

const bodyFields = (route: Route): string[] =>
  Object.keys(schemasOf(route.call.request)[route.call.request.name]?.properties ?? {}).filter(
    (name) => !route.params.includes(name),
  );

function requestBody(route: Route): Json {
  const { call, params } = route;
  const given = call.example.request;
  const example =
    given && Object.fromEntries(Object.entries(given).filter(([name]) => !params.includes(name)));
  return {
    required: true,
    content: {
      'application/json': {
        schema: { $ref: `#/components/schemas/${call.request.name}` },
        ...(example ? { example } : {}),
      },
    },
  };
}

function success({ call, method }: Route): Json {
  const requestId = { 'X-Request-Id': { $ref: '#/components/headers/RequestId' } };
  if (call.reply.shape === 'nothing' || !call.reply.item)
    return { '204': { description: 'Done.', headers: requestId } };
  const item = { $ref: `#/components/schemas/${call.reply.item.name}` };
  const data = call.reply.shape === 'one' ? item : { type: 'array', items: item };
  const meta = call.reply.shape === 'page' ? { meta: { $ref: '#/components/schemas/PageMeta' } } : {};
  const schema = {
    type: 'object',
    properties: { data, ...meta },
    required: ['data', ...Object.keys(meta)],
    additionalProperties: false,
  };
  const shown = call.example.reply && { example: asBody(call, call.example.reply) };
  return {
    [call.creates ? '201' : '200']: {
      description: call.creates ? 'Made.' : 'The answer.',
      headers: {
        ...requestId,
        ...(call.reply.shape === 'one' ? { ETag: { $ref: '#/components/headers/ETag' } } : {}),
        ...(call.creates ? { Location: { $ref: '#/components/headers/Location' } } : {}),
      },
      content: { 'application/json': { schema, ...shown } },
    },
    ...(method === 'GET'
      ? { '304': { description: 'Not modified since the version of If-None-Match.' } }
      : {}),
  };
}

/** An example is the body as it stands, its list, or the one item of which the body is made. */
function asBody(call: AnyCall, example: object): object {
  if ('data' in example) return example;
  if (Array.isArray(example)) return { data: example };
  if (call.reply.shape === 'one') return { data: example };
  if (call.reply.shape === 'whole') return { data: [example] };
  return { data: [example], meta: { limit: 20, after: null, before: null } };
}

/** The schemas of all messages; a request's without the fields that stand in the path or the query string. */
function messageSchemas(routes: readonly Route[], descriptions: Descriptions): Schemas {
  const all: Schemas = {};
  for (const { call } of routes) if (call.reply.item) Object.assign(all, schemasOf(call.reply.item));
  for (const route of routes) {
    if (!route.takesBody) continue;
    const schemas = schemasOf(route.call.request);
    const own = schemas[route.call.request.name];
    if (!own) continue;
    const properties = Object.fromEntries(
      Object.entries(own.properties ?? {}).filter(([name]) => !route.params.includes(name)),
    );
    const required = (own.required ?? []).filter((name) => !route.params.includes(name));
    Object.assign(all, schemas, {
      [route.call.request.name]: {
        ...own,
        properties,
        ...(required.length > 0 ? { required } : { required: [] }),
      },
    });
  }
  return Object.fromEntries(
    Object.entries(all).map(([name, schema]) => [name, describe(name, relocate(schema), descriptions)]),
  );
}

function describe(name: string, schema: JsonSchema, descriptions: Descriptions): JsonSchema {
  const properties = Object.entries(schema.properties ?? {}).map(([field, own]): [string, JsonSchema] => {
    const description = descriptions[`${name}.${field}`];
    return [field, description ? { ...own, description } : own];
  });
  const description = descriptions[name];
  return { ...schema, ...(description ? { description } : {}), properties: Object.fromEntries(properties) };
}

/** Schemas stand under `#/components/schemas` here, and `maxBytes` is an extension. */
function relocate(schema: JsonSchema): JsonSchema {
  const text = JSON.stringify(schema)
    .replaceAll('#/$defs/', '#/components/schemas/')
    .replaceAll('"maxBytes"', '"x-max-bytes"');
  return JSON.parse(text) as JsonSchema;
}

const cursor = { type: ['string', 'null'] };
const pageMeta: JsonSchema = {
  type: 'object',
  description: 'Where this page stands in its list.',
  properties: { limit: { type: 'integer' }, after: cursor, before: cursor, total: { type: 'integer' } },
  required: ['limit', 'after', 'before'],
  additionalProperties: false,
};

const text: JsonSchema = { type: 'string' };
const problem: JsonSchema = {
  type: 'object',
  description: 'RFC 9457. `code` is stable; `title` and `detail` are for people.',
  properties: {
    type: { type: 'string', format: 'uri', examples: [problemType('validation_failed')] },
    title: text,
    status: { type: 'integer' },
    code: text,
    detail: text,
    instance: text,
    requestId: text,
    errors: {
      type: 'array',
      items: {
        type: 'object',
        properties: { path: text, code: text, message: text },
        required: ['path', 'code', 'message'],
        additionalProperties: false,
      },
    },
  },
  required: ['type', 'title', 'status', 'code', 'detail', 'instance', 'requestId'],
};
