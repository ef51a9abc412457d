import { AsyncLocalStorage } from 'node:async_hooks';
import {
  BrokenCircuitError,
  circuitBreaker,
  ConsecutiveBreaker,
  handleWhenResult,
  type CircuitBreakerPolicy,
} from 'cockatiel';
import { tracedFetch } from '@erato/platform/telemetry/traced-fetch';

/** How long WorkOS is given, and how often it is asked (identity.md, Field ownership and writes). */
export interface Patience {
  readonly tryMs: number;
  readonly tries: number;
  /** The wait before the first retry, doubled for the next; each is drawn from half of it to all of it. */
  readonly backoffMs: number;
  /** So many failures in a row open the circuit. */
  readonly failuresToOpen: number;
  /** How long an open circuit refuses at once. */
  readonly openMs: number;
}

const patience: Patience = {
  tryMs: 2_000,
  tries: 3,
  backoffMs: 100,
  failuresToOpen: 5,
  openMs: 5_000,
};

/** What one use of WorkOS may take, and how its creates are told apart. */
export interface Attempt {
  /** Epoch milliseconds after which nothing is tried any more. */
  readonly deadline: number;
  /** Makes a create safe to repeat. */
  readonly idempotencyKey?: string;
}

const current = new AsyncLocalStorage<Attempt>();

/** Runs work whose requests to WorkOS are bound by the attempt. */
export const attempting = <T>(attempt: Attempt, work: () => Promise<T>): Promise<T> =>
  current.run(attempt, work);

/** WorkOS gave no answer in time, or was not asked because it has given none for a while. */
export class NoAnswer extends Error {
  override readonly name = 'NoAnswer';

  constructor(
    message: string,
    /** Whether the request was sent at all. */
    readonly asked: boolean,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

/**
 * The `fetch` under the SDK, so that whatever the SDK calls keeps the same rules: a time limit a try that covers the
 * body, retries with jitter of what is safe to repeat, `Retry-After`, an end, a circuit breaker.
 */
export class ResilientFetch {
  readonly #circuit: CircuitBreakerPolicy;

  constructor(private readonly bounds: Patience = patience) {
    this.#circuit = circuitBreaker(
      handleWhenResult((response) => response instanceof Response && response.status >= 500).orType(Error),
      {
        halfOpenAfter: bounds.openMs,
        breaker: new ConsecutiveBreaker(bounds.failuresToOpen),
      },
    );
  }

  readonly fetch: typeof fetch = async (input, init = {}) => {
    const attempt = current.getStore() ?? { deadline: Date.now() + 2 * this.bounds.tryMs };
    const headers = new Headers(init.headers);
    if (attempt.idempotencyKey && init.method === 'POST')
      headers.set('Idempotency-Key', attempt.idempotencyKey);
    const repeatable = isRepeatable(init.method ?? 'GET', headers);
    for (let tried = 1; ; tried++) {
      const outcome = await this.#try(input, { ...init, headers }, attempt.deadline, tried);
      const final = !repeatable || tried >= this.bounds.tries || !isTransient(outcome);
      const wait = final ? 0 : this.#wait(outcome, tried);
      if (final || Date.now() + wait >= attempt.deadline) {
        if (outcome instanceof Response) return outcome;
        throw outcome;
      }
      await new Promise((resolve) => setTimeout(resolve, wait));
    }
  };

  /** One try: the answer with its body read, or why there is none. */
  async #try(
    input: Parameters<typeof fetch>[0],
    init: RequestInit,
    deadline: number,
    tried: number,
  ): Promise<Response | NoAnswer> {
    const left = Math.min(this.bounds.tryMs, deadline - Date.now());
    if (left <= 0) return new NoAnswer('no time is left for WorkOS', false);
    try {
      return await this.#circuit.execute(async () => {
        const answer = await tracedFetch(input, { ...init, signal: AbortSignal.timeout(left) }, tried);
        const body = await answer.arrayBuffer();
        return new Response(empty.has(answer.status) ? null : body, answer);
      });
    } catch (cause) {
      return new NoAnswer('WorkOS did not answer', !(cause instanceof BrokenCircuitError), { cause });
    }
  }

  #wait(outcome: Response | NoAnswer, tried: number): number {
    const asked = outcome instanceof Response ? retryAfterMs(outcome.headers.get('Retry-After')) : null;
    const most = this.bounds.backoffMs * 2 ** (tried - 1);
    return asked ?? most / 2 + (Math.random() * most) / 2;
  }
}

/** Statuses whose answers have no body by definition. */
const empty = new Set([101, 204, 205, 304]);

const isRepeatable = (method: string, headers: Headers): boolean =>
  method !== 'POST' || headers.has('Idempotency-Key');

const isTransient = (outcome: Response | NoAnswer): boolean =>
  outcome instanceof NoAnswer ? outcome.asked : outcome.status === 429 || outcome.status >= 500;

/** `Retry-After` in seconds or as a date, in milliseconds from now. */
export function retryAfterMs(value: string | null, now = Date.now()): number | null {
  if (value === null) return null;
  const seconds = Number(value);
  if (Number.isFinite(seconds)) return Math.max(0, seconds * 1000);
  const at = Date.parse(value);
  return Number.isNaN(at) ? null : Math.max(0, at - now);
}
