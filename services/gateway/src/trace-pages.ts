import type { FastifyInstance } from 'fastify';
import { tables } from '@erato/contracts/catalogue';
import { isTracing } from '@erato/platform/telemetry/tracing';
import { routesIn } from './route/route.js';
import { inRootSpan } from './route/root-span.js';

/** Routes written by hand that admit callers: they begin their trace once they know who calls. */
const admitting = ['/v1/stream', '/v1/introspect/routes'];

/**
 * Gives every route that serves everyone alike its root span: webhooks, sign-in, public pages, the reference. Probes of health have
 * none: they come every second and tell nothing. To be called before there are routes; without tracing it changes nothing.
 */
export function tracePages(instance: FastifyInstance): void {
  if (!isTracing()) return;
  const others = new Set([...routesIn(tables).map(({ path }) => path), ...admitting]);
  instance.addHook('onRoute', (options) => {
    const route = templateOf(options.url);
    if (others.has(route) || route.startsWith('/health/')) return;
    const { handler } = options;
    options.handler = function (request, reply) {
      return inRootSpan(route, { request, reply, who: null }, async () => {
        await handler.call(this, request, reply);
      });
    };
  });
}

/** Fastify's `:slug` as the contracts and the reference write it: `{slug}`. */
const templateOf = (url: string): string => url.replaceAll(/:(\w+)/g, '{$1}');
