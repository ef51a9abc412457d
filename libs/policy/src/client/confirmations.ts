import { LRUCache } from 'lru-cache';

/** How often at most a denial to one subject is confirmed, in milliseconds. */
const everyMs = 1_000;

/**
 * Runs at most one confirmation a second for a subject: whoever is denied while one runs waits for it, whoever is
 * denied soon after takes what it brought.
 */
export class Confirmations {
  readonly #latest = new LRUCache<string, { at: number; done: Promise<boolean> }>({ max: 20_000 });

  /** True where something was asked for anew, so that a decision is worth making again; false also where that failed. */
  async confirm(subject: string, ask: () => Promise<void>): Promise<boolean> {
    const now = Date.now();
    const latest = this.#latest.get(subject);
    if (latest !== undefined && now - latest.at < everyMs) return latest.done;
    const done = ask().then(
      () => true,
      () => false,
    );
    this.#latest.set(subject, { at: now, done });
    return done;
  }
}
