import { ApiError } from './api-error.js';
import { isPast, later } from './clock.js';
import type { Reply } from './router.js';
import { digest } from './secret.js';
import type { Store } from './store.js';

const KEPT = 86_400_000;

/** The answer to a create under a key, kept for a day in the transaction of the create itself. */
export interface IdempotentAnswer {
  readonly id: string;
  readonly request: string;
  readonly status: number;
  readonly json: unknown;
  readonly expires_at: string;
}

/** Runs a create at most once for a key: the same request gets the first answer again, another one is refused. */
export function once(
  store: Store,
  key: string | undefined,
  target: string,
  body: string,
  create: () => Reply,
): Reply {
  if (key === undefined) return create();
  const id = digest(`${target}\n${key}`);
  const request = digest(body);
  const known = store.idempotency.get(id);
  if (known !== undefined && !isPast(known.expires_at)) {
    if (known.request === request) return { status: known.status, json: known.json };
    throw new ApiError(400, {
      message: `Another idempotency key (${key}) with different request parameters was found. Please use a different idempotency key.`,
    });
  }
  const reply = create();
  store.idempotency.put({ id, request, status: reply.status, json: reply.json, expires_at: later(KEPT) });
  return reply;
}
