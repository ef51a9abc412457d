import {
  context,
  propagation,
  ROOT_CONTEXT,
  SpanKind,
  SpanStatusCode,
  trace,
  type Tracer,
} from '@opentelemetry/api';

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

/**
 * Runs the work in the root span of a request. A known caller's traceparent is gone on with; a guest's is only linked to, so that
 * nobody from outside decides what is recorded.
 */
export function inRequestSpan<T>(
  name: string,
  { traceparent, isKnown }: { traceparent: string | undefined; isKnown: boolean },
  work: () => Promise<T>,
): Promise<T> {
  if (!tracer) return work();
  const given = traceparent ? propagation.extract(ROOT_CONTEXT, { traceparent }) : ROOT_CONTEXT;
  const linked = isKnown ? undefined : trace.getSpanContext(given);
  const options = { kind: SpanKind.SERVER, ...(linked ? { links: [{ context: linked }] } : {}) };
  return tracer.startActiveSpan(name, options, isKnown ? given : ROOT_CONTEXT, async (span) => {
    try {
      return await work();
    } finally {
      span.end();
    }
  });
}

/** Runs the work in a span that continues `traceparent`. */
export async function inSpan<T>(
  name: string,
  traceparent: string | undefined,
  work: () => Promise<T>,
): Promise<T> {
  if (!tracer) return work();
  const parent = traceparent ? propagation.extract(ROOT_CONTEXT, { traceparent }) : context.active();
  return tracer.startActiveSpan(name, { kind: SpanKind.SERVER }, parent, async (span) => {
    try {
      return await work();
    } catch (error) {
      span.setStatus({ code: SpanStatusCode.ERROR });
      throw error;
    } finally {
      span.end();
    }
  });
}

/** The traceparent of the span that is running, for what this process sends on. */
export function activeTraceparent(): string | undefined {
  if (!tracer) return undefined;
  const carrier: { traceparent?: string } = {};
  propagation.inject(context.active(), carrier);
  return carrier.traceparent;
}
