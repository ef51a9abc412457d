import { Socket } from 'node:net';
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

/** How soon a leader learns that its connection is gone, and Postgres that the leader is; in milliseconds. */
export interface Vigil {
  /** Between the end of one heartbeat and the next. */
  readonly beatMs: number;
  /** How long Postgres has to answer one. */
  readonly answerMs: number;
  /** Without a heartbeat for so long Postgres ends the connection, and with it the lead. Longer than the two together. */
  readonly silenceMs: number;
}

const vigil: Vigil = { beatMs: 2_000, answerMs: 3_000, silenceMs: 10_000 };

/**
 * Lets one replica of a service do what must not be done twice at once (relay, consumers, sync): it holds an advisory
 * lock on a connection of its own. When that connection is lost the work stops, and whoever gets the lock goes on.
 * A connection can be lost without either end being told: so there is a heartbeat on it. The leader that gets no answer
 * stops; Postgres, which hears none, gives the lock away, and does so later than the leader stops. A process that was
 * held up altogether may still work for a moment beside the next: what it writes is guarded by rows of its own (the inbox, a
 * cursor), so that this does no harm.
 */
export class Leader {
  readonly #stop = new AbortController();
  readonly #work: LeaderWork[] = [];
  #running: Promise<void> = Promise.resolve();
  #leading = false;

  constructor(
    private readonly databaseUrl: string,
    private readonly log: Log,
    private readonly bounds: Vigil = vigil,
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
    const { answerMs, silenceMs } = this.bounds;
    const socket = new Socket();
    const client = new Client({
      connectionString: this.databaseUrl,
      application_name: 'erato-leader',
      options: `-c idle_session_timeout=${silenceMs}`,
      connectionTimeoutMillis: 3_000,
      query_timeout: answerMs,
      stream: () => socket,
    });
    const term = new AbortController();
    const end = (): void => term.abort();
    client.on('error', end);
    client.on('end', end);
    this.#stop.signal.addEventListener('abort', end, { once: true });
    try {
      await client.connect();
      while (!(await this.#won(client))) {
        await pause(Math.min(500, this.bounds.beatMs), term.signal);
        if (term.signal.aborted) return;
      }
      this.#leading = true;
      await Promise.all([
        this.#beat(client, term),
        ...this.#work.map((work) => this.#keepRunning(work, term.signal)),
      ]);
    } finally {
      this.#leading = false;
      this.#stop.signal.removeEventListener('abort', end);
      // NOTE: a farewell would wait for an end that may never answer.
      socket.destroy();
    }
  }

  /** Ends the term when the connection that holds the lock does not answer any more. */
  async #beat(client: Client, term: AbortController): Promise<void> {
    while (!term.signal.aborted) {
      await pause(this.bounds.beatMs, term.signal);
      if (isOver(term.signal)) return;
      try {
        await client.query('SELECT 1');
      } catch (err) {
        if (!isOver(term.signal))
          this.log.warn({ err }, 'the connection that holds the lead does not answer');
        this.#leading = false;
        term.abort();
      }
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
