import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Histogram } from 'prom-client';
import { requestDuration } from '@erato/platform/telemetry/metrics';

/**
 * Times every answer by method, route and status. Each route keeps its own histograms: to find them by their labels, and
 * the route of a request, costs more than to count. To be called before there are routes.
 */
export function observeAnswers(instance: FastifyInstance): void {
  instance.addHook('onRoute', (options) => {
    const observe = observer(options.url);
    options.onResponse = [
      ...[options.onResponse ?? []].flat(),
      (request, reply, next) => {
        observe(request, reply);
        next();
      },
    ];
  });
  const observeUnknown = observer('none');
  instance.addHook('onResponse', (request, reply, next) => {
    if (request.is404) observeUnknown(request, reply);
    next();
  });
}

function observer(route: string): (request: FastifyRequest, reply: FastifyReply) => void {
  const byMethod = new Map<string, Map<number, Histogram.Internal<string>>>();
  return ({ method }, { statusCode, elapsedTime }) => {
    let known = byMethod.get(method);
    if (!known) byMethod.set(method, (known = new Map<number, Histogram.Internal<string>>()));
    let histogram = known.get(statusCode);
    if (!histogram) {
      histogram = requestDuration.labels(method, route, String(statusCode));
      known.set(statusCode, histogram);
    }
    histogram.observe(elapsedTime / 1_000);
  };
}
