import {
  context,
  createContextKey,
  trace,
  TraceFlags,
  type Context,
  type SpanContext,
} from '@opentelemetry/api';
import { isTracing } from './tracing.js';

const key = createContextKey('the spans of those who share a piece of work');

/** The spans in which one piece of work was asked for, that of whoever asked first ahead. */
export type Sharers = SpanContext[];

/**
 * Adds the running span to those that share a piece of work; undefined, and nothing made, where there are none. One that is not
 * recorded is left out: the work would stand in no trace. Whoever joins work of several requests calls it once for each, and
 * does the work {@link inShared}.
 */
export function joinSharers(sharers: Sharers | undefined): Sharers | undefined {
  if (!isTracing()) return undefined;
  const running = trace.getSpanContext(context.active());
  const isRecorded = ((running?.traceFlags ?? TraceFlags.NONE) & TraceFlags.SAMPLED) !== 0;
  if (!running || !isRecorded || sharers?.some(({ spanId }) => spanId === running.spanId)) return sharers;
  if (!sharers) return [running];
  sharers.push(running);
  return sharers;
}

/** Does the work as part of the first one's trace; its spans are linked to the others', so that each of them leads to it. */
export function inShared<T>([first, ...others]: Sharers, work: () => T): T {
  const running = context.active();
  if (!first) return work();
  return context.with(trace.setSpanContext(running, first).setValue(key, others), work);
}

/** With whom the work of this context is shared. */
export function sharersOf(running: Context): readonly SpanContext[] {
  const sharers = running.getValue(key);
  return Array.isArray(sharers) ? (sharers as SpanContext[]) : [];
}
