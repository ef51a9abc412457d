import { randomUUID } from 'node:crypto';
import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import { setTimeout as wait } from 'node:timers/promises';
import { ApiError, failure, noRoute } from './api-error.js';
import type { RequestLog } from './control.js';
import type { Fault, Faults } from './faults.js';
import { once } from './idempotency.js';
import { match, type Reply, type Route } from './router.js';
import { sameSecret } from './secret.js';
import type { Standin } from './standin.js';

const LARGEST_BODY = 1_048_576;

export interface Listener {
  readonly standin: Standin;
  readonly routes: readonly Route[];
  readonly control: readonly Route[];
  /** Without a token `/_control` does not exist. */
  readonly controlToken: string | undefined;
  readonly faults: Faults;
  readonly log: RequestLog;
}

/** Answers HTTP requests: control, then faults, then the API. */
export function listenerOf(parts: Listener): RequestListener {
  return (request, response) => {
    void serve(parts, request, response).catch((error: unknown) => {
      if (response.headersSent) response.destroy();
      else send(response, answerTo(error));
    });
  };
}

async function serve(parts: Listener, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const [path = '/', ...search] = (request.url ?? '/').split('?');
  const method = request.method ?? 'GET';
  const body = await read(request);
  const work = (): Reply =>
    dispatch(parts, { request, method, path, query: queryOf(new URLSearchParams(search.join('?'))), body });
  if (path.startsWith('/_control/')) {
    send(response, attempt(work));
    return;
  }
  const answered = parts.log.add(method, path);
  const fault = parts.faults.take(method, path);
  const reply = fault === undefined ? attempt(work) : await spoil(fault, work, request);
  if (reply === undefined || response.destroyed) return;
  answered(reply.status);
  send(response, reply);
}

/** What a fault leaves of the answer; undefined when there is none. */
async function spoil(fault: Fault, work: () => Reply, request: IncomingMessage): Promise<Reply | undefined> {
  if (fault.kind === 'delay') {
    await wait(fault.milliseconds);
    return attempt(work);
  }
  if (fault.applied === true) attempt(work);
  if (fault.kind === 'drop') request.socket.destroy();
  if (fault.kind !== 'status') return undefined;
  const after = fault.retryAfterSeconds ?? (fault.status === 429 ? 1 : undefined);
  const message = fault.status === 429 ? 'Too Many Requests' : 'The stand-in was told to fail.';
  return {
    status: fault.status,
    json: { message },
    ...(after === undefined ? {} : { headers: { 'retry-after': String(after) } }),
  };
}

interface Incoming {
  readonly request: IncomingMessage;
  readonly method: string;
  readonly path: string;
  readonly query: Readonly<Record<string, unknown>>;
  readonly body: string;
}

function dispatch(parts: Listener, { request, method, path, query, body }: Incoming): Reply {
  const { standin, routes, control, controlToken } = parts;
  const controls = path.startsWith('/_control/');
  if (controls && controlToken === undefined) throw noRoute();
  const authorized = bearer(request, controls ? (controlToken ?? '') : standin.apiKey);
  const found = match(controls ? control : routes, method, path);
  if (found?.route.open !== true && !authorized) throw new ApiError(401, { message: 'Unauthorized' });
  if (found === undefined) throw noRoute();
  const { route, params } = found;
  if (route.form) checkOrigin(request);
  const raw = {
    query,
    body: bodyOf(request, body, route.form),
    ip: request.socket.remoteAddress ?? null,
    userAgent: request.headers['user-agent'] ?? null,
  };
  const key = route.creates ? request.headers['idempotency-key'] : undefined;
  return standin.store.transaction(() =>
    once(standin.store, typeof key === 'string' ? key : undefined, `${method} ${path}`, body, () =>
      route.run(raw, params),
    ),
  );
}

function bearer(request: IncomingMessage, secret: string): boolean {
  const [scheme, token] = (request.headers.authorization ?? '').split(' ');
  return scheme?.toLowerCase() === 'bearer' && token !== undefined && sameSecret(token, secret);
}

/** A form may be sent by our own page alone. */
function checkOrigin({ headers }: IncomingMessage): void {
  if (headers.origin !== undefined && headers.origin !== `http://${headers.host ?? ''}`) {
    throw failure(403, 'wrong_origin', 'This form was sent from another page.');
  }
}

function queryOf(search: URLSearchParams): Record<string, unknown> {
  const names = new Set(search.keys());
  return Object.fromEntries(
    [...names].map((name) => {
      const values = search.getAll(name);
      return [name, values.length === 1 ? values[0] : values];
    }),
  );
}

function bodyOf(request: IncomingMessage, body: string, form: boolean): unknown {
  if (body === '') return undefined;
  const type = (request.headers['content-type'] ?? '').split(';')[0]?.trim().toLowerCase();
  if (form) {
    if (type !== 'application/x-www-form-urlencoded')
      throw failure(415, 'unsupported_media_type', 'A form is expected.');
    return queryOf(new URLSearchParams(body));
  }
  if (type !== 'application/json') throw failure(415, 'unsupported_media_type', 'JSON is expected.');
  try {
    return JSON.parse(body) as unknown;
  } catch {
    throw failure(400, 'invalid_json', 'The body is not JSON.');
  }
}

async function read(request: IncomingMessage): Promise<string> {
  const parts: Buffer[] = [];
  let size = 0;
  for await (const part of request as AsyncIterable<Buffer>) {
    size += part.length;
    if (size > LARGEST_BODY) throw failure(413, 'payload_too_large', 'The body is too large.');
    parts.push(part);
  }
  return Buffer.concat(parts).toString('utf8');
}

function attempt(work: () => Reply): Reply {
  try {
    return work();
  } catch (error) {
    return answerTo(error);
  }
}

function answerTo(error: unknown): Reply {
  if (error instanceof ApiError) return { status: error.status, json: error.body };
  console.error(error);
  return { status: 500, json: { message: 'Internal Server Error' } };
}

function send(response: ServerResponse, { status, json, html, text, headers }: Reply): void {
  const body = json === undefined ? (html ?? text ?? '') : JSON.stringify(json);
  const kind = json !== undefined ? 'application/json' : html === undefined ? 'text/plain' : 'text/html';
  response.writeHead(status, {
    ...(status === 204 ? {} : { 'content-type': `${kind}; charset=utf-8` }),
    'x-request-id': randomUUID(),
    ...headers,
  });
  response.end(body);
}
