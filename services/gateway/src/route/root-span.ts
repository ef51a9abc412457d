import type { FastifyReply, FastifyRequest } from 'fastify';
import { inRequestSpan } from '@erato/platform/telemetry/request-span';
import type { Credential } from '../credential/credentials.js';
import { traceparentOf } from './headers.js';

/** A request whose trace begins; `who` is null where the route serves everyone alike. */
interface Begun {
  readonly request: FastifyRequest;
  readonly reply: FastifyReply;
  readonly who: Credential | null;
}

/** Runs a request's work in the root span of its trace, which is named after the template of its route. */
export function inRootSpan<T>(
  route: string,
  { request, reply, who }: Begun,
  work: () => Promise<T>,
): Promise<T> {
  const { method, id: requestId, headers } = request;
  const traceparent = traceparentOf(headers['traceparent']);
  const isKnown = who !== null && who.counted !== '';
  return inRequestSpan({ method, route, requestId, traceparent, isKnown, response: reply.raw }, work);
}
