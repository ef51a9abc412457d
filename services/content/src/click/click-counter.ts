import { Inject, Injectable, type BeforeApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import { LOG, type Log } from '@erato/platform/service/log';
import { addTo, emptySketch, mergeInto } from './sketch.js';
import { StoreClicks, type CountedClicks } from './store-clicks.js';
import { VisitorSalts } from './visitor-salt.js';

/** How often what was counted is written, in milliseconds: a crash loses no more than what came since, and what is on its way. */
const everyMs = 500;
/** So many links in an hour are kept here at most, about 12 MiB, while the database is away; of others nothing is counted then. */
const most = 20_000;
/** So many links a transaction. */
const batch = 500;
const hourMs = 3_600_000;

type Counting = { -readonly [K in keyof CountedClicks]: CountedClicks[K] };

/** Counts clicks in memory and writes them in batches, so that a link that everybody follows costs few writes. */
@Injectable()
export class ClickCounter implements OnModuleInit, BeforeApplicationShutdown {
  #counted = new Map<string, Counting>();
  #timer: NodeJS.Timeout | undefined;
  #writing: Promise<void> | undefined;

  constructor(
    private readonly store: StoreClicks,
    private readonly salts: VisitorSalts,
    @Inject(LOG) private readonly log: Log,
  ) {}

  onModuleInit(): void {
    this.#timer = setInterval(() => void this.flush(), everyMs).unref();
  }

  async beforeApplicationShutdown(): Promise<void> {
    clearInterval(this.#timer);
    await this.#writing;
    await this.flush();
  }

  /** Counts one click; `visitor` is turned into a digest here and forgotten. */
  async count(resourceId: string, linkId: string, visitor: string | null): Promise<void> {
    const now = new Date();
    const digest = visitor === null ? null : await this.salts.digest(visitor, now);
    const hour = new Date(Math.floor(now.getTime() / hourMs) * hourMs);
    const key = keyOf({ linkId, hour });
    let counting = this.#counted.get(key);
    if (!counting) {
      if (this.#counted.size >= most) return;
      counting = { resourceId, linkId, hour, clicks: 0, visitors: null };
      this.#counted.set(key, counting);
    }
    counting.clicks++;
    if (digest) addTo((counting.visitors ??= emptySketch()), digest);
  }

  /** Writes what was counted so far; what cannot be written is kept for the next time. */
  async flush(): Promise<void> {
    this.#writing ??= this.#write().finally(() => (this.#writing = undefined));
    await this.#writing;
  }

  async #write(): Promise<void> {
    const counted = [...this.#counted.values()];
    this.#counted = new Map();
    for (let from = 0; from < counted.length; from += batch) {
      const part = counted.slice(from, from + batch);
      try {
        await this.store.run(part);
      } catch (err) {
        this.log.warn({ err, links: part.length }, 'clicks could not be written; trying again');
        for (const each of part) this.#takeBack(each);
      }
    }
  }

  #takeBack(back: Counting): void {
    const since = this.#counted.get(keyOf(back));
    if (!since) {
      this.#counted.set(keyOf(back), back);
      return;
    }
    since.clicks += back.clicks;
    if (since.visitors && back.visitors) mergeInto(since.visitors, back.visitors);
    else since.visitors ??= back.visitors;
  }
}

const keyOf = ({ linkId, hour }: Pick<Counting, 'linkId' | 'hour'>): string => `${linkId} ${hour.getTime()}`;
