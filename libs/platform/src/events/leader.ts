import { setTimeout as delay } from 'node:timers/promises';
import { Client } from 'pg';
import type { Log } from '../service/log.js';

/** Work of which one process of a service does all at a time. It must stop soon after the signal. */
export interface LeaderWork {
  readonly name: string;
  run(signal: AbortSignal): Promise<void>;
}

/** Waits, but not past the signal. */
const pause = (ms: number, signal: AbortSignal): Promise<void> =>
  delay(ms, undefined, { signal, ref: true }).catch(() => undefined);

/** Asked anew after each wait, where the compiler would take the first answer for all time. */
const isOver = (signal: AbortSignal): boolean => signal.aborted;

/**
 * Lets one replica of a service do what must not be done twice at once (relay, consumers, sync): it holds an advisory
 * lock on a connection of its own. When that connection is lost the work stops, and whoever gets the lock goes on;
 * events are applied with their inbox row in one transaction, so an overlap of moments does no harm.
 */
export class Leader {
  readonly #stop = new AbortController();
  readonly #work: LeaderWork[] = [];
  #running: Promise<void> = Promise.resolve();
  #leading = false;

  constructor(
    private readonly databaseUrl: string,
    private readonly log: Log,
  ) {}

  get leading(): boolean {
    return this.#leading;
  }

  add(work: LeaderWork): void {
    this.#work.push(work);
  }

  start(): void {
    this.#running = this.#campaign();
  }

  async close(): Promise<void> {
    this.#stop.abort();
    await this.#running;
  }

  async #campaign(): Promise<void> {
    const { signal } = this.#stop;
    while (!signal.aborted) {
      await this.#term().catch((err: unknown) => this.log.warn({ err }, 'lost the lead; trying again'));
      await pause(250, signal);
    }
  }

  async #term(): Promise<void> {
    const client = new Client({
      connectionString: this.databaseUrl,
      application_name: 'erato-leader',
      keepAlive: true,
      connectionTimeoutMillis: 3_000,
    });
    const term = new AbortController();
    const end = (): void => term.abort();
    client.on('error', end);
    client.on('end', end);
    this.#stop.signal.addEventListener('abort', end, { once: true });
    try {
      await client.connect();
      while (!(await this.#won(client))) {
        await pause(500, term.signal);
        if (term.signal.aborted) return;
      }
      this.#leading = true;
      await Promise.all(this.#work.map((work) => this.#keepRunning(work, term.signal)));
    } finally {
      this.#leading = false;
      this.#stop.signal.removeEventListener('abort', end);
      await client.end().catch(() => undefined);
    }
  }

  async #won(client: Client): Promise<boolean> {
    const { rows } = await client.query<{ won: boolean }>(
      `SELECT pg_try_advisory_lock(hashtextextended('erato leader', 0)) AS won`,
    );
    return rows[0]?.won ?? false;
  }

  /** Whatever a piece of work throws, it is begun again: nothing may stop the events of a service for good. */
  async #keepRunning(work: LeaderWork, signal: AbortSignal): Promise<void> {
    for (let wait = 50; !signal.aborted; wait = Math.min(wait * 2, 5_000)) {
      const began = Date.now();
      try {
        await work.run(signal);
      } catch (err) {
        if (isOver(signal)) return;
        this.log.warn({ err, work: work.name }, 'background work failed; trying again');
      }
      if (Date.now() - began > 30_000) wait = 50;
      await pause(wait, signal);
    }
  }
}
