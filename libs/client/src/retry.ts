/** When and how often a call is repeated. */
export interface RetryOptions {
  /** The most attempts that one call makes; 1 repeats nothing. 4 by default. */
  readonly attempts?: number;
  /** How long after its start a call is no longer repeated, in milliseconds. 20,000 by default. */
  readonly withinMs?: number;
  /** The longest wait before the first repetition; each further one may be twice as long. 200 by default. */
  readonly baseMs?: number;
  /** The longest wait, unless the server asks for more. 5,000 by default. */
  readonly capMs?: number;
}

/** What came of an attempt. */
export interface Outcome {
  /** Undefined where no answer came. */
  readonly status: number | undefined;
  /** The problem's code. */
  readonly code?: string | undefined;
  readonly retryAfterMs?: number | undefined;
}

/** What matters of a call for its repetition. */
export interface Repeatable {
  readonly method: string;
  /** Whether it has an Idempotency-Key. */
  readonly keyed: boolean;
}

const idempotent = new Set(['GET', 'HEAD', 'PUT', 'DELETE']);
const passing = new Set([429, 502, 503, 504]);

/**
 * Whether an attempt may be made again. A call that can be repeated without harm is, after what passes: too many requests, a part
 * that is away, no answer. A POST without a key never is, not even after 429: that one may count sign-ins. A PATCH is after 429
 * alone, which is said before anything has run.
 */
export function mayRepeat({ method, keyed }: Repeatable, { status, code }: Outcome): boolean {
  if (isStillRunning({ status, code })) return keyed;
  if (status !== undefined && !passing.has(status)) return false;
  if (method === 'PATCH') return status === 429;
  return idempotent.has(method) || keyed;
}

/** The first request with this key has not ended: waiting for it is no failure, so it counts as no attempt. */
export const isStillRunning = ({ status, code }: Outcome): boolean =>
  status === 409 && code === 'idempotency_in_progress';

/**
 * How long to wait before attempt number `attempt + 1`, in milliseconds: a random part of a span that doubles (so that many clients
 * do not come back together), after what the server asked for.
 */
export function waitBefore(
  attempt: number,
  { retryAfterMs = 0 }: Outcome,
  { baseMs = 200, capMs = 5_000 }: RetryOptions,
  random: () => number,
): number {
  const span = Math.min(capMs, baseMs * 2 ** (attempt - 1));
  return retryAfterMs + random() * span;
}

/**
 * How many repetitions a client may make beside its calls that succeed: where all fail, repeating makes it worse. Each takes one
 * of ten tokens; each success gives a tenth of one back.
 */
export class RetryBudget {
  #tokens = 10;

  /** Takes a token; false when none is left. */
  take(): boolean {
    if (this.#tokens < 1) return false;
    this.#tokens -= 1;
    return true;
  }

  give(): void {
    this.#tokens = Math.min(10, this.#tokens + 0.1);
  }
}

/** `Retry-After` in milliseconds: seconds, or a date (RFC 9110, 10.2.3). */
export function retryAfterOf(value: string | null, now: number): number | undefined {
  if (value === null) return undefined;
  const text = value.trim();
  if (/^\d{1,9}$/.test(text)) return Number(text) * 1_000;
  const date = Date.parse(text);
  return Number.isNaN(date) ? undefined : Math.max(0, date - now);
}
