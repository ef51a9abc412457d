import { inShared, joinSharers, type Sharers } from '@erato/platform/telemetry/shared-work';

/** At most this many keys in one statement; more go in several. */
const most = 100;

interface Waiting<R> {
  readonly resolve: (row: R | null) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Joins the look-ups of the messages that came together into one statement: they are at the same step once nothing but ticks
 * is left to do. Nothing is kept beyond it. In traces the statement stands with whoever came first and is linked to the others.
 */
export class Together<R> {
  #waiting = new Map<string, Waiting<R>[]>();
  #sharers: Sharers | undefined;

  constructor(
    private readonly read: (keys: string[]) => Promise<R[]>,
    private readonly keyOf: (row: R) => string,
  ) {}

  find(key: string): Promise<R | null> {
    return new Promise((resolve, reject) => {
      if (this.#waiting.size === 0) process.nextTick(() => this.#flush());
      const sharing = this.#waiting.get(key);
      if (sharing) sharing.push({ resolve, reject });
      else this.#waiting.set(key, [{ resolve, reject }]);
      this.#sharers = joinSharers(this.#sharers);
      if (this.#waiting.size >= most) this.#flush();
    });
  }

  #flush(): void {
    const waiting = this.#waiting;
    if (waiting.size === 0) return;
    this.#waiting = new Map();
    const keys = [...waiting.keys()];
    const sharers = this.#sharers;
    this.#sharers = undefined;
    const rows = sharers ? inShared(sharers, () => this.read(keys)) : this.read(keys);
    rows.then(
      (found) => {
        const rowOf = new Map(found.map((row) => [this.keyOf(row), row]));
        for (const [key, sharing] of waiting) {
          for (const { resolve } of sharing) resolve(rowOf.get(key) ?? null);
        }
      },
      (error: unknown) => {
        for (const sharing of waiting.values()) for (const { reject } of sharing) reject(error);
      },
    );
  }
}
