import type { FastifyReply, FastifyRequest } from 'fastify';
import type { PathIndex } from '../route/path-index.js';
import { methodNotAllowed, noSuchRoute, originNotAllowed } from '../problem/failures.js';
import type { Problems } from '../problem/problems.js';

const allowedHeaders = [
  'Authorization',
  'Content-Type',
  'Erato-Act-As',
  'Erato-Consistency',
  'Idempotency-Key',
  'If-Match',
  'If-None-Match',
  'Last-Event-ID',
  'X-Request-Id',
  'traceparent',
].join(', ');

const exposedHeaders = [
  'Allow',
  'ETag',
  'Idempotency-Replayed',
  'Location',
  'RateLimit',
  'RateLimit-Policy',
  'Retry-After',
  'X-Request-Id',
].join(', ');

/**
 * Lets the pages of `ERATO_CORS_ORIGINS` call the API from browsers. Credentials travel in a header that a page sets itself,
 * so no cookies are allowed. A preflight that may not be is told why by a problem document.
 */
export class Cors {
  readonly #origins: ReadonlySet<string>;

  constructor(
    origins: readonly string[],
    private readonly paths: PathIndex,
    private readonly problems: Problems,
  ) {
    this.#origins = new Set(origins);
  }

  /** Puts the headers on; true where the request was a preflight and has its answer. */
  meet(request: FastifyRequest, reply: FastifyReply): boolean {
    const { origin, 'access-control-request-method': asked } = request.headers;
    if (origin === undefined) return false;
    const allowed = this.#origins.has(origin);
    if (allowed) {
      reply.headers({
        'Access-Control-Allow-Origin': origin,
        'Access-Control-Expose-Headers': exposedHeaders,
      });
    }
    if (request.method !== 'OPTIONS' || asked === undefined) return false;
    const methods = this.paths.methodsOf(request.url.split('?')[0] ?? '');
    if (!allowed) this.problems.send(reply, request, originNotAllowed());
    else if (methods.length === 0) this.problems.send(reply, request, noSuchRoute());
    else if (!(methods as string[]).includes(asked)) {
      this.problems.send(reply.header('Allow', methods.join(', ')), request, methodNotAllowed(), 405);
    } else {
      void reply
        .code(204)
        .headers({
          'Access-Control-Allow-Methods': methods.join(', '),
          'Access-Control-Allow-Headers': allowedHeaders,
          'Access-Control-Max-Age': '600',
          'Cache-Control': 'no-store',
        })
        .send();
    }
    return true;
  }
}
