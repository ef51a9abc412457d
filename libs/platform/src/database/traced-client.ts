import { AsyncResource } from 'node:async_hooks';
import type { Span } from '@opentelemetry/api';
import { Client, type ClientConfig, type Pool } from 'pg';
import { beginAsking, endFailed } from '../telemetry/asking.js';
import { isTracing } from '../telemetry/tracing.js';
import { querySummary } from './query-summary.js';
import { pgFault } from './sql-fault.js';

/**
 * A connection whose statements are spans of the trace in which they run, by OpenTelemetry's conventions for databases: what
 * they do to which tables, and their text, in which parameters are but numbers. Values are never told.
 */
class TracedClient extends Client {
  constructor(config?: ClientConfig) {
    super(config);
    const plain: unknown = Reflect.get(this, 'query');
    if (!isCallback(plain)) throw new Error('a client of pg has no method "query"');
    Object.defineProperty(this, 'query', {
      value: (...given: unknown[]): unknown => {
        const text = textOf(given[0]);
        const span = text === undefined ? null : beginStatement(this, text);
        return span ? watched(span, plain, this, given) : Reflect.apply(plain, this, given);
      },
    });
  }
}

/** Begins the span of a statement over that connection; null outside of a trace. */
export function beginStatement(client: Client, given: string): Span | null {
  const { summary, operation, text } = querySummary(given);
  return beginAsking(summary, {
    'db.system.name': 'postgresql',
    'db.query.summary': summary,
    'db.query.text': text,
    'db.namespace': client.database,
    'server.address': client.host,
    'server.port': client.port,
    ...(operation === undefined ? {} : { 'db.operation.name': operation }),
  });
}

/** What a pool is given so that its statements are traced: nothing where traces are not sent, so that then nothing is there. */
export const tracedClients = (): { Client?: typeof TracedClient } =>
  isTracing() ? { Client: TracedClient } : {};

/** Lets whoever waited for a connection go on in his own trace: the pool calls him in that of whoever gave one back. */
export function keepTraces(pool: Pool): Pool {
  const plain: unknown = Reflect.get(pool, 'connect');
  if (!isTracing() || !isCallback(plain)) return pool;
  Object.defineProperty(pool, 'connect', {
    value: (...given: unknown[]): unknown =>
      Reflect.apply(
        plain,
        pool,
        given.map((each) => (isCallback(each) ? AsyncResource.bind(each) : each)),
      ),
  });
  return pool;
}

type Callback = (...given: unknown[]) => unknown;
const isCallback = (value: unknown): value is Callback => typeof value === 'function';

/** A statement comes as a text, or as an object with one. What submits itself, such as a batch of reads, has none. */
function textOf(given: unknown): string | undefined {
  if (typeof given === 'string') return given;
  if (typeof given !== 'object' || given === null || 'submit' in given || !('text' in given))
    return undefined;
  return typeof given.text === 'string' ? given.text : undefined;
}

/** Runs the statement and ends its span with it, told by a callback or by a promise, as it was asked for. */
function watched(span: Span, query: Callback, client: Client, given: unknown[]): unknown {
  const at = given.findIndex(isCallback);
  const callback = given[at];
  if (isCallback(callback)) {
    const told = [...given];
    told[at] = (error: unknown, ...rest: unknown[]): unknown => {
      endStatement(span, error);
      return callback(error, ...rest);
    };
    return Reflect.apply(query, client, told);
  }
  const answer: unknown = Reflect.apply(query, client, given);
  if (answer instanceof Promise)
    answer.then(
      () => endStatement(span),
      (error: unknown) => endStatement(span, error),
    );
  else endStatement(span);
  return answer;
}

/** Ends the span of a statement, if there is one. A failure tells its SQLSTATE. */
export function endStatement(span: Span | null | undefined, error?: unknown): void {
  if (!span) return;
  if (!error) {
    span.end();
    return;
  }
  const code = pgFault(error)?.code;
  if (code !== undefined) span.setAttribute('db.response.status_code', code);
  endFailed(span, code ?? (error instanceof Error ? error.name : 'error'));
}
