import type { Method } from '@erato/contracts/kit/call';
import {
  invalid,
  scopeMissing,
  throttled,
  tooLarge,
  unauthenticated,
  unavailable,
  type FailureType,
} from '@erato/contracts/kit/failure';
import type { JsonSchema } from '@erato/contracts/kit/schema';
import { pageRoutes } from '../page/page-routes.js';
import { webhooksNotConfigured, wrongMediaType } from '../problem/failures.js';
import { streamRoute } from '../stream/stream-route.js';

/** What a route written by hand answers, when all goes well. */
export interface HandAnswer {
  readonly status: number;
  readonly description: string;
  /** The media type of its body; none where there is no body. */
  readonly type?: string;
  readonly schema?: JsonSchema;
  readonly example?: unknown;
}

/** A route that is written by hand, for the list of routes, for `Allow` and for the reference. */
export interface HandRoute {
  readonly method: Method;
  readonly path: string;
  /** Its name in the reference: `<noun>.<verb>`. */
  readonly id: string;
  readonly scope: 'admin' | null;
  readonly guest: boolean;
  readonly summary: string;
  readonly description?: string;
  readonly parameters?: readonly HandParameter[];
  /** The media type of the body that it takes. */
  readonly body?: string;
  readonly answers: readonly HandAnswer[];
  readonly fails: readonly FailureType[];
}

interface HandParameter {
  readonly name: string;
  readonly in: 'path' | 'query' | 'header';
  readonly description: string;
  readonly required?: boolean;
  readonly schema?: JsonSchema;
  readonly example?: unknown;
}

const text: JsonSchema = { type: 'string' };
const state: JsonSchema = { type: 'object', properties: { status: text }, required: ['status'] };
const readiness: JsonSchema = {
  type: 'object',
  properties: {
    ready: { type: 'boolean' },
    dependencies: { type: 'object', additionalProperties: text },
  },
  required: ['ready', 'dependencies'],
  additionalProperties: false,
};
const routeRow: JsonSchema = {
  type: 'object',
  properties: {
    method: text,
    path: text,
    scopes: { type: 'array', items: text },
    guest: { type: 'boolean' },
    service: text,
    message: { type: ['string', 'null'] },
  },
  required: ['method', 'path', 'scopes', 'guest', 'service', 'message'],
  additionalProperties: false,
};
const open = { scope: null, guest: true } as const;
const html = { status: 200, description: 'The page.', type: 'text/html', schema: text };

export const handRoutes: readonly HandRoute[] = [
  {
    method: 'GET',
    path: '/health/live',
    id: 'health.live',
    ...open,
    summary: 'Whether the gateway runs.',
    answers: [
      {
        status: 200,
        description: 'It runs.',
        type: 'application/json',
        schema: state,
        example: { status: 'up' },
      },
    ],
    fails: [],
  },
  {
    method: 'GET',
    path: '/health/ready',
    id: 'health.ready',
    ...open,
    summary: 'Whether everything it needs is there.',
    description: 'The state of NATS, JetStream and every service: `up`, or a word on what is missing.',
    answers: [
      {
        status: 200,
        description: 'Everything is there.',
        type: 'application/json',
        schema: readiness,
        example: {
          ready: true,
          dependencies: { nats: 'up', jetstream: 'up', identity: 'up', authz: 'up', content: 'up' },
        },
      },
      { status: 503, description: 'Something is missing.', type: 'application/json', schema: readiness },
    ],
    fails: [],
  },
  {
    method: 'GET',
    path: '/openapi.json',
    id: 'reference.document',
    ...open,
    summary: 'The OpenAPI 3.1 document.',
    answers: [
      {
        status: 200,
        description: 'This document.',
        type: 'application/json',
        schema: { type: 'object', properties: { openapi: text }, required: ['openapi'] },
      },
    ],
    fails: [],
  },
  {
    method: 'GET',
    path: '/docs',
    id: 'reference.page',
    ...open,
    summary: 'The API reference, with a console to try it.',
    answers: [html],
    fails: [],
  },
  {
    method: 'GET',
    path: '/docs/problems',
    id: 'reference.problems',
    ...open,
    summary: 'Every problem code, with its status and what it means.',
    answers: [html],
    fails: [],
  },
  {
    method: 'GET',
    path: '/v1/introspect/routes',
    id: 'introspection.routes',
    scope: 'admin',
    guest: false,
    summary: 'Every route, with its scopes, the service that owns it and its message.',
    answers: [
      {
        status: 200,
        description: 'The routes, by path.',
        type: 'application/json',
        schema: {
          type: 'object',
          properties: { data: { type: 'array', items: routeRow } },
          required: ['data'],
          additionalProperties: false,
        },
        example: {
          data: [
            {
              method: 'GET',
              path: '/v1/resources/{id}',
              scopes: ['resources:read'],
              guest: true,
              service: 'content',
              message: 'call.content.resource.get',
            },
          ],
        },
      },
    ],
    fails: [unauthenticated, scopeMissing, throttled, unavailable],
  },
  streamRoute,
  {
    method: 'GET',
    path: '/v1/auth/login',
    id: 'auth.login',
    ...open,
    summary: 'To AuthKit’s sign-in page.',
    parameters: [
      {
        name: 'redirectUri',
        in: 'query',
        required: true,
        description: 'Where it leads back to; on the allow list of the installation.',
        schema: text,
        example: 'https://app.example/signed-in',
      },
      { name: 'state', in: 'query', description: 'Comes back with the code.', schema: text },
      { name: 'codeChallenge', in: 'query', description: 'PKCE, method S256.', schema: text },
      { name: 'provider', in: 'query', description: '`authkit` when left out.', schema: text },
      { name: 'screenHint', in: 'query', description: '`sign-in` or `sign-up`.', schema: text },
    ],
    answers: [{ status: 302, description: 'The address of the page, in `Location`.' }],
    fails: [invalid, throttled, unavailable],
  },
  {
    method: 'POST',
    path: '/webhooks/workos',
    id: 'webhook.workos',
    ...open,
    summary: 'WorkOS’ webhooks.',
    description: 'The raw body with WorkOS’ signature; it wakes the worker that reads the Events API.',
    parameters: [
      {
        name: 'WorkOS-Signature',
        in: 'header',
        required: true,
        description: 'Time and HMAC, as WorkOS makes them.',
        schema: text,
      },
    ],
    body: 'application/json',
    answers: [
      {
        status: 200,
        description: 'Taken.',
        type: 'application/json',
        schema: { type: 'object', properties: { received: { type: 'boolean' } }, required: ['received'] },
        example: { received: true },
      },
    ],
    fails: [
      invalid,
      unauthenticated,
      tooLarge,
      wrongMediaType,
      throttled,
      unavailable,
      webhooksNotConfigured,
    ],
  },
  ...pageRoutes,
];
