import { Inject, Injectable } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Failure, internal } from '@erato/contracts/kit/failure';
import { LOG, type Log } from '@erato/platform/service/log';
import { toProblem, type Problem } from './problem.js';

/** Answers with problem documents. */
@Injectable()
export class Problems {
  constructor(@Inject(LOG) private readonly log: Log) {}

  of(error: unknown, request: FastifyRequest): Problem {
    const failure = error instanceof Failure ? error : internal({ cause: error });
    const [path = ''] = request.url.split('?');
    return toProblem(failure, { instance: path.slice(0, 500), requestId: request.id });
  }

  /** Leaves a fault in the log, where its request id finds it. */
  note(request: FastifyRequest, error: unknown): void {
    const { id: requestId, method, routeOptions } = request;
    const isFailure = error instanceof Failure;
    const about = { requestId, method, route: routeOptions.url, code: isFailure ? error.code : 'internal' };
    const cause: unknown = isFailure ? error.cause : error;
    this.log.warn(cause === undefined ? about : { ...about, err: cause }, 'a fault');
  }

  /** @param status where HTTP has one that no kind of failure has (405). */
  send(
    reply: FastifyReply,
    request: FastifyRequest,
    error: unknown,
    status = this.of(error, request).status,
  ): void {
    const problem = { ...this.of(error, request), status };
    if (status >= 500) this.note(request, error);
    if (status === 401) reply.header('WWW-Authenticate', 'Bearer');
    const retryAfter =
      error instanceof Failure ? (error.retryAfter ?? (status === 429 ? 1 : undefined)) : undefined;
    if (retryAfter !== undefined) reply.header('Retry-After', String(retryAfter));
    void reply
      .code(status)
      .header('Cache-Control', 'no-store')
      .type('application/problem+json')
      .send(JSON.stringify(problem));
  }
}
