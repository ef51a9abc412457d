import { LRUCache } from 'lru-cache';

/** Where a caller stands after a request. */
export interface RateState {
  readonly allowed: boolean;
  /** Requests that may still be made at once. */
  readonly remaining: number;
  /** Seconds until one more may be made; 0 where one may be made now. */
  readonly retryAfter: number;
}

/** Bursts hold four seconds' worth (http.md, Limits). */
export const burstSeconds = 4;

/**
 * The generic cell rate algorithm: one number a caller, the time at which its bucket is empty again. Kept in this
 * gateway's memory for the callers seen last, so several gateways grant their rates each.
 */
export class RateLimiter {
  readonly #emptyAt: LRUCache<string, number>;
  readonly #interval: number;

  /** @param perSecond requests a second that a caller may make in the long run. */
  constructor(
    readonly perSecond: number,
    callers = 200_000,
  ) {
    this.#emptyAt = new LRUCache({ max: callers });
    this.#interval = 1_000 / perSecond;
  }

  get burst(): number {
    return this.perSecond * burstSeconds;
  }

  /** Whether a request would be allowed; counts nothing. */
  allows(caller: string, now: number): boolean {
    const emptyAt = Math.max(this.#emptyAt.get(caller) ?? now, now);
    return burstSeconds * 1_000 - (emptyAt + this.#interval - now) >= -1e-6;
  }

  /** Counts a request (or `cost` of them) of a caller at a time in milliseconds. */
  take(caller: string, now: number, cost = 1): RateState {
    const emptyAt = Math.max(this.#emptyAt.get(caller) ?? now, now);
    const next = emptyAt + this.#interval * cost;
    const room = burstSeconds * 1_000 - (next - now);
    if (room < -1e-6) {
      return { allowed: false, remaining: 0, retryAfter: Math.max(1, Math.ceil(-room / 1_000)) };
    }
    this.#emptyAt.set(caller, next);
    return { allowed: true, remaining: Math.floor(room / this.#interval + 1e-6), retryAfter: 0 };
  }

  /** Makes one that was counted as if it had not been. */
  giveBack(caller: string): void {
    const emptyAt = this.#emptyAt.get(caller);
    if (emptyAt !== undefined) this.#emptyAt.set(caller, emptyAt - this.#interval);
  }
}
