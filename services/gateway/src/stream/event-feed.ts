import { Injectable } from '@nestjs/common';
import { Bus } from '@erato/platform/transport/bus';
import { EventLog, told, type LoggedEvent, type Silence } from './event-log.js';

/** How many of the newest events are kept at hand; whoever is further behind reads the log. */
const atHand = 2_048;
/** How often the log is looked at where no event on the bus told to. */
const pollMs = 1_000;

type Place = LoggedEvent | Silence;

/**
 * The end of the log, read once for all streams of this gateway while there are any. A stream asks for what comes after its place
 * whenever it has room for it, so that a slow reader holds up nobody and nothing is kept for him.
 */
@Injectable()
export class EventFeed {
  readonly #recent: Place[] = [];
  /** All that is told between these two places is at hand. */
  #base = 0;
  #head = 0;
  #joined: Promise<void> | undefined;
  #listeners = 0;
  #reading: Promise<void> | undefined;
  #isStale = false;
  readonly #waiting = new Set<() => void>();
  #poll: NodeJS.Timeout | undefined;

  constructor(
    private readonly log: EventLog,
    bus: Bus,
  ) {
    bus.connection.subscribe(told, { callback: () => this.#look() });
    bus.onReconnect(() => this.#look());
  }

  /** To be called for each stream that begins; gives the end of the log at that moment. */
  async join(): Promise<number> {
    if (this.#listeners++ === 0) this.#poll = setInterval(() => this.#look(), pollMs).unref();
    try {
      await (this.#joined ??= this.#begin());
      return this.#head;
    } catch (error) {
      this.#joined = undefined;
      this.leave();
      throw error;
    }
  }

  leave(): void {
    if (--this.#listeners > 0) return;
    clearInterval(this.#poll);
    this.#recent.length = 0;
    this.#joined = undefined;
  }

  /** What comes after a place; waits for it, but not past the signal: then null. */
  async after(seq: number, signal: AbortSignal): Promise<Place | null> {
    while (!signal.aborted) {
      const found = seq < this.#base ? await this.log.after(seq) : this.#firstAfter(seq);
      if (found) return found;
      await this.#change(signal);
    }
    return null;
  }

  async #begin(): Promise<void> {
    this.#base = this.#head = (await this.log.bounds()).last;
  }

  /** The events at hand are in their order: the place is found by halves. */
  #firstAfter(seq: number): Place | null {
    let [low, high] = [0, this.#recent.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#recent[middle]?.seq ?? 0) > seq) high = middle;
      else low = middle + 1;
    }
    return this.#recent[low] ?? null;
  }

  #change(signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const end = (): void => {
        signal.removeEventListener('abort', end);
        this.#waiting.delete(end);
        resolve();
      };
      this.#waiting.add(end);
      signal.addEventListener('abort', end, { once: true });
    });
  }

  #look(): void {
    if (this.#listeners === 0 || !this.#joined) return;
    if (this.#reading) {
      this.#isStale = true;
      return;
    }
    this.#isStale = false;
    this.#reading = this.#read(this.#joined)
      .catch(() => undefined)
      .finally(() => {
        this.#reading = undefined;
        if (this.#isStale) this.#look();
      });
  }

  /** Brings what has come since to hand. Where the log is away, the next look goes on. */
  async #read(joined: Promise<void>): Promise<void> {
    await joined;
    for (;;) {
      const place = await this.log.after(this.#head);
      if (!place || joined !== this.#joined) return;
      this.#head = place.seq;
      this.#recent.push(place);
      if (this.#recent.length > atHand)
        this.#base = this.#recent.splice(0, atHand / 4).at(-1)?.seq ?? this.#base;
      for (const tell of [...this.#waiting]) tell();
    }
  }
}
