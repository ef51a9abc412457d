import {
  context,
  propagation,
  ROOT_CONTEXT,
  SpanKind,
  SpanStatusCode,
  trace,
  type Tracer,
} from '@opentelemetry/api';
import { Failure, type FailureKind } from '@erato/contracts/kit/failure';

let tracer: Tracer | null = null;

/** What makes spans; null where no traces are sent. */
export const theTracer = (): Tracer | null => tracer;

export const isTracing = (): boolean => tracer !== null;

/**
 * Sends traces over OTLP/HTTP where `OTEL_EXPORTER_OTLP_ENDPOINT` names a collector; without one nothing of the SDK is
 * even loaded, and {@link inSpan} costs a comparison.
 */
export async function startTracing(service: string, endpoint: string | null): Promise<() => Promise<void>> {
  if (!endpoint) return () => Promise.resolve();
  const [{ NodeTracerProvider, BatchSpanProcessor }, { OTLPTraceExporter }, { resourceFromAttributes }] =
    await Promise.all([
      import('@opentelemetry/sdk-trace-node'),
      import('@opentelemetry/exporter-trace-otlp-http'),
      import('@opentelemetry/resources'),
    ]);
  const provider = new NodeTracerProvider({
    resource: resourceFromAttributes({ 'service.name': `erato-${service}` }),
    spanProcessors: [new BatchSpanProcessor(new OTLPTraceExporter({ url: `${endpoint}/v1/traces` }))],
  });
  provider.register();
  tracer = trace.getTracer('erato');
  return () => provider.shutdown();
}

/** Failures that are somebody's fault other than the caller's. */
const faults = new Set<FailureKind>(['upstream', 'unavailable', 'timeout', 'internal']);

/**
 * Runs the work in a span that continues `traceparent`. What it throws is an error of the span where it is a fault: a caller who
 * asks for what is not there, or may not, has been served.
 */
export async function inSpan<T>(
  name: string,
  traceparent: string | undefined,
  work: () => Promise<T>,
  kind = SpanKind.SERVER,
): Promise<T> {
  if (!tracer) return work();
  const parent = traceparent ? propagation.extract(ROOT_CONTEXT, { traceparent }) : context.active();
  return tracer.startActiveSpan(name, { kind }, parent, async (span) => {
    try {
      return await work();
    } catch (error) {
      const failure = error instanceof Failure ? error : null;
      span.setAttribute('error.type', failure?.code ?? 'internal');
      if (!failure || faults.has(failure.kind)) span.setStatus({ code: SpanStatusCode.ERROR });
      throw error;
    } finally {
      span.end();
    }
  });
}

/** Does what belongs to no request, whichever set it off: it stands in no trace. */
export const apart = <T>(work: () => T): T => (tracer ? context.with(ROOT_CONTEXT, work) : work());

/** The traceparent of the span that is running, for what this process sends on. */
export function activeTraceparent(): string | undefined {
  if (!tracer) return undefined;
  const carrier: { traceparent?: string } = {};
  propagation.inject(context.active(), carrier);
  return carrier.traceparent;
}

/** The trace and the span that are running, as lines of the log name them. */
export function activeTrace(): { readonly trace_id?: string; readonly span_id?: string } {
  const running = tracer ? trace.getSpanContext(context.active()) : undefined;
  return running ? { trace_id: running.traceId, span_id: running.spanId } : {};
}

/** The same of what a message says, for lines about it that are written outside of its span. */
export function traceOf(traceparent = ''): { readonly trace_id?: string } {
  const [, traceId] = traceparent.split('-');
  return traceId ? { trace_id: traceId } : {};
}
