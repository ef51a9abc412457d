import type { Span } from '@opentelemetry/api';
import { beginAsking, endFailed } from './asking.js';
import { isTracing } from './tracing.js';

/**
 * `fetch` whose requests are spans of the trace in which they run, named after method and host alone: paths, queries and headers
 * hold ids, tokens and secrets. `tried` counts the tries of one request from 1.
 */
export async function tracedFetch(
  input: Parameters<typeof fetch>[0],
  init: RequestInit = {},
  tried = 1,
): Promise<Response> {
  const span = isTracing() ? begin(input, init, tried) : null;
  if (!span) return fetch(input, init);
  try {
    const answer = await fetch(input, init);
    span.setAttribute('http.response.status_code', answer.status);
    if (answer.status >= 400) endFailed(span, String(answer.status));
    else span.end();
    return answer;
  } catch (error) {
    endFailed(span, error instanceof Error ? error.name : 'error');
    throw error;
  }
}

function begin(input: Parameters<typeof fetch>[0], init: RequestInit, tried: number): Span | null {
  const { hostname, port, protocol } = new URL(input instanceof Request ? input.url : input);
  const method = init.method ?? (input instanceof Request ? input.method : 'GET');
  return beginAsking(`${method} ${hostname}`, {
    'http.request.method': method,
    'server.address': hostname,
    'server.port': Number(port) || (protocol === 'https:' ? 443 : 80),
    ...(tried > 1 ? { 'http.request.resend_count': tried - 1 } : {}),
  });
}
