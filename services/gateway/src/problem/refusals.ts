import { Catch, HttpException, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { throttled, tooLarge } from '@erato/contracts/kit/failure';
import { isBelowPages, sendErrorPage, takesPages } from '../page/refusal.js';
import type { Rates } from '../rate/rates.js';
import type { PathIndex } from '../route/path-index.js';
import { malformedBody, methodNotAllowed, noSuchRoute, wrongMediaType } from './failures.js';
import type { Problems } from './problems.js';

/**
 * Answers what never reached a route: unknown paths, wrong methods, bodies that Fastify refuses. They count against the
 * address, so that looking for something to break is slow.
 */
@Catch()
export class Refusals implements ExceptionFilter {
  constructor(
    private readonly problems: Problems,
    private readonly rates: Rates,
    private readonly paths: PathIndex,
  ) {}

  catch(error: unknown, host: ArgumentsHost): void {
    const http = host.switchToHttp();
    const request = http.getRequest<FastifyRequest>();
    const reply = http.getResponse<FastifyReply>();
    const rate = this.rates.takeGuest(request);
    if (!rate.allowed) {
      this.problems.send(reply.headers(rate.headers), request, throttled({ retryAfter: rate.retryAfter }));
      return;
    }
    const status = statusOf(error);
    if (status === 404) this.#unknown(request, reply);
    else this.problems.send(reply, request, translate(status, error));
  }

  #unknown(request: FastifyRequest, reply: FastifyReply): void {
    const methods = this.paths.methodsOf(request.url.split('?')[0] ?? '');
    if (methods.length === 0) {
      if (mayBePage(request)) sendErrorPage(reply, 404, request.id);
      else this.problems.send(reply, request, noSuchRoute());
      return;
    }
    this.problems.send(reply.header('Allow', methods.join(', ')), request, methodNotAllowed(), 405);
  }
}

/** Fans mistype addresses: what leads nowhere below the pages is answered as a page that is not there. */
export const mayBePage = (request: FastifyRequest): boolean =>
  isBelowPages(request.url.split('?')[0] ?? '') &&
  takesPages(request) &&
  ['GET', 'HEAD'].includes(request.method);

/** Nest's exceptions and Fastify's errors both tell an HTTP status; nothing else does. */
function statusOf(error: unknown): number {
  if (error instanceof HttpException) return error.getStatus();
  if (typeof error !== 'object' || error === null || !('statusCode' in error)) return 500;
  return Number(error.statusCode);
}

function translate(status: number, error: unknown): unknown {
  if (status === 413) return tooLarge();
  if (status === 415) return wrongMediaType();
  if (status === 400) return malformedBody();
  return error;
}
