import {
  context,
  SpanKind,
  SpanStatusCode,
  trace,
  TraceFlags,
  type Attributes,
  type Span,
} from '@opentelemetry/api';
import { sharersOf } from './shared-work.js';
import { theTracer } from './tracing.js';

/**
 * Begins a span of what this process asks of another one: a statement of the database, a request over HTTP. Null outside of a
 * trace: what a process does for itself every second would bury the requests.
 */
export function beginAsking(name: string, attributes: Attributes): Span | null {
  const tracer = theTracer();
  if (!tracer) return null;
  const running = context.active();
  const flags = trace.getSpanContext(running)?.traceFlags ?? TraceFlags.NONE;
  if ((flags & TraceFlags.SAMPLED) === 0) return null;
  const links = sharersOf(running).map((sharer) => ({ context: sharer }));
  return tracer.startSpan(name, { kind: SpanKind.CLIENT, attributes, links }, running);
}

/** Ends the span of a question that failed; `type` is a code or the name of a class, for texts of errors can hold values. */
export function endFailed(span: Span, type: string): void {
  span.setAttribute('error.type', type);
  span.setStatus({ code: SpanStatusCode.ERROR });
  span.end();
}
