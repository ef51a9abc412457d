import type { Method } from '@erato/contracts/kit/call';

/** A route that is written by hand, for the list of routes and for `Allow`. */
export interface HandRoute {
  readonly method: Method;
  readonly path: string;
  readonly scope: 'admin' | null;
  readonly guest: boolean;
  readonly summary: string;
}

export const handRoutes: readonly HandRoute[] = [
  { method: 'GET', path: '/health/live', scope: null, guest: true, summary: 'Whether the gateway runs.' },
  {
    method: 'GET',
    path: '/health/ready',
    scope: null,
    guest: true,
    summary: 'Whether everything it needs is there.',
  },
  { method: 'GET', path: '/openapi.json', scope: null, guest: true, summary: 'The OpenAPI 3.1 document.' },
  { method: 'GET', path: '/docs', scope: null, guest: true, summary: 'The API reference.' },
  { method: 'GET', path: '/v1/introspect/routes', scope: 'admin', guest: false, summary: 'Every route.' },
  { method: 'GET', path: '/v1/auth/login', scope: null, guest: true, summary: 'To AuthKit’s sign-in page.' },
  { method: 'POST', path: '/webhooks/workos', scope: null, guest: true, summary: 'WorkOS’ webhooks.' },
];
