import type { ServerResponse } from 'node:http';
import { propagation, ROOT_CONTEXT, SpanKind, SpanStatusCode, trace, type Span } from '@opentelemetry/api';
import { theTracer } from './tracing.js';

/** What the root span of a request tells, by OpenTelemetry's conventions for HTTP. */
export interface TracedRequest {
  readonly method: string;
  /** The template of the route. A path can hold what nobody else may know, so it is never told. */
  readonly route: string;
  readonly requestId: string;
  readonly traceparent: string | undefined;
  /** Whether the caller is known. */
  readonly isKnown: boolean;
  readonly response: ServerResponse;
}

/**
 * Runs the work in the root span of a request. A known caller's traceparent is gone on with; a guest's is only linked to, so that
 * nobody from outside decides what is recorded. The span ends with the work and the head of the answer: of a stream it tells the
 * opening, not the hours for which it is open.
 */
export function inRequestSpan<T>(request: TracedRequest, work: () => Promise<T>): Promise<T> {
  const tracer = theTracer();
  if (!tracer) return work();
  const { method, route, requestId, traceparent, isKnown, response } = request;
  const given = traceparent ? propagation.extract(ROOT_CONTEXT, { traceparent }) : ROOT_CONTEXT;
  const linked = isKnown ? undefined : trace.getSpanContext(given);
  const options = {
    kind: SpanKind.SERVER,
    attributes: {
      'http.request.method': method,
      'http.route': route,
      'http.response.header.x-request-id': [requestId],
    },
    ...(linked ? { links: [{ context: linked }] } : {}),
  };
  return tracer.startActiveSpan(
    `${method} ${route}`,
    options,
    isKnown ? given : ROOT_CONTEXT,
    async (span) => {
      try {
        return await work();
      } finally {
        if (response.headersSent || response.destroyed) end(span, response);
        else response.once('close', () => end(span, response));
      }
    },
  );
}

/** Only what is our fault is an error; a caller who left before the answer was given none. */
function end(span: Span, { headersSent, statusCode }: ServerResponse): void {
  if (headersSent) span.setAttribute('http.response.status_code', statusCode);
  if (headersSent && statusCode >= 500) {
    span.setAttribute('error.type', String(statusCode));
    span.setStatus({ code: SpanStatusCode.ERROR });
  }
  span.end();
}
