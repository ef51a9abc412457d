import { failure, invalidParameter } from './api-error.js';
import type { Control } from './control.js';
import type { Fault } from './faults.js';
import { route, type Route } from './router.js';
import { boolean, integer, isRecord, oneOf, optional, shape, share, text } from './shape.js';

const scope = {
  method: optional(oneOf('GET', 'POST', 'PUT', 'PATCH', 'DELETE')),
  path: text(),
  times: optional(integer(1, 1_000_000)),
  rate: optional(share),
};
const applied = optional(boolean);
const kinds = {
  status: shape({
    ...scope,
    kind: oneOf('status'),
    status: integer(400, 599),
    retryAfterSeconds: optional(integer(0, 3600)),
    applied,
  }),
  delay: shape({ ...scope, kind: oneOf('delay'), milliseconds: integer(0, 600_000) }),
  silence: shape({ ...scope, kind: oneOf('silence'), applied }),
  drop: shape({ ...scope, kind: oneOf('drop'), applied }),
};

function fault(body: unknown): Fault {
  const kind = isRecord(body) ? body['kind'] : undefined;
  if (kind !== 'status' && kind !== 'delay' && kind !== 'silence' && kind !== 'drop') {
    throw invalidParameter('kind', 'kind_invalid', 'kind is one of status, delay, silence, drop.');
  }
  return kinds[kind](body);
}

/** `/_control/…`: the control object over HTTP, for processes that do not hold it. */
export function controlRoutes(control: Control): Route[] {
  const filter = { method: optional(text(10)), path: optional(text()) };
  return [
    route({
      method: 'GET',
      path: '/_control/faults',
      handle: () => ({ status: 200, json: { faults: control.faults() } }),
    }),
    route({
      method: 'POST',
      path: '/_control/faults',
      ownBody: true,
      handle: ({ input }) => ({ status: 201, json: { id: control.fail(fault(input)) } }),
    }),
    route({ method: 'DELETE', path: '/_control/faults', handle: () => done(() => control.clear()) }),
    route({
      method: 'DELETE',
      path: '/_control/faults/:id',
      handle: ({ param }) => done(() => control.clear(param('id'))),
    }),
    route({
      method: 'GET',
      path: '/_control/requests',
      query: filter,
      handle: ({ query }) => ({
        status: 200,
        json: { count: control.count(query), requests: control.requests(query) },
      }),
    }),
    route({
      method: 'DELETE',
      path: '/_control/requests',
      handle: () => done(() => control.forgetRequests()),
    }),
    route({
      method: 'GET',
      path: '/_control/webhooks',
      handle: () => ({ status: 200, json: control.webhooks() }),
    }),
    route({
      method: 'POST',
      path: '/_control/webhooks/faults',
      body: { kind: oneOf('duplicate', 'drop', 'reorder'), times: optional(integer(1, 1_000_000)) },
      handle: ({ body }) =>
        done(() => {
          try {
            control.spoilWebhooks(body);
          } catch {
            throw failure(409, 'no_webhook', 'No webhook is configured.');
          }
        }),
    }),
    route({
      method: 'DELETE',
      path: '/_control/webhooks/faults',
      handle: () => done(() => void control.clearWebhooks()),
    }),
  ];
}

function done(work: () => void) {
  work();
  return { status: 204 };
}
