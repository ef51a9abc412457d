import { createHmac } from 'node:crypto';
import { showEvent } from './event-log.js';
import type { Store } from './store.js';

/** Where events are posted to, and how they are signed. */
export interface WebhookTarget {
  readonly url: string;
  readonly secret: string;
  /** The wait before the first retry, doubled for each further one; 1000 when absent. */
  readonly retryMilliseconds?: number;
}

/** What goes wrong with webhooks: each of the next `times` deliveries, or all until cleared. */
export interface WebhookFault {
  /** Sent twice; never sent; or held until `times` of them (2 when absent) are there, then sent newest first. */
  readonly kind: 'duplicate' | 'drop' | 'reorder';
  readonly times?: number | undefined;
}

/** What became of deliveries since the start; `pending` wait for a retry or are on their way. */
export interface WebhookCounts {
  readonly delivered: number;
  readonly failed: number;
  readonly dropped: number;
  readonly pending: number;
}

const ATTEMPTS = 6;
const TIMEOUT = 5000;

/** The header `workos-signature` for a body at a time in milliseconds. */
export function signature(body: string, secret: string, at: number): string {
  return `t=${at}, v1=${createHmac('sha256', secret).update(`${at}.${body}`).digest('hex')}`;
}

/**
 * Posts every event until it is accepted with 2xx, six times at most. What is still due is kept in the store, so a
 * restart goes on with it. New events go out in order, one at a time; a retry does not hold up the others.
 */
export class Webhooks {
  private fault: { kind: WebhookFault['kind']; left: number; batch: number } | undefined;
  private held: string[] = [];
  private readonly seen = new Set<string>();
  private readonly timers = new Set<NodeJS.Timeout>();
  private readonly stop = new AbortController();
  private running: Promise<void> | undefined;
  private readonly tally = { delivered: 0, failed: 0, dropped: 0 };

  constructor(
    private readonly store: Store,
    private readonly target: WebhookTarget,
  ) {}

  start(): void {
    this.store.onCommit(() => this.wake());
    this.wake();
  }

  /** Puts a fault in place of the one before; what that one held back goes out. */
  spoil(fault: WebhookFault): void {
    void this.release();
    const batch = fault.times ?? 2;
    this.fault = { kind: fault.kind, left: fault.times ?? Infinity, batch };
  }

  /** Ends the fault; what it holds back goes out now. */
  async clear(): Promise<void> {
    this.fault = undefined;
    await this.release();
  }

  counts(): WebhookCounts {
    return { ...this.tally, pending: this.store.deliveries.all().length };
  }

  async close(): Promise<void> {
    this.stop.abort();
    for (const timer of this.timers) clearTimeout(timer);
    await this.running;
  }

  private wake(): void {
    if (this.running !== undefined || this.stop.signal.aborted) return;
    this.running = this.drain().finally(() => {
      this.running = undefined;
      if (this.fresh().length > 0) this.wake();
    });
  }

  private fresh(): string[] {
    if (this.stop.signal.aborted) return [];
    return this.store.deliveries.filter(({ id }) => !this.seen.has(id)).map(({ id }) => id);
  }

  private async drain(): Promise<void> {
    // Leaves the transaction that woke it before anything is sent.
    await Promise.resolve();
    for (let ids = this.fresh(); ids.length > 0; ids = this.fresh()) {
      for (const id of ids) {
        this.seen.add(id);
        await this.take(id);
      }
    }
  }

  private async take(id: string): Promise<void> {
    const kind = this.hit();
    if (kind === 'drop') {
      this.tally.dropped += 1;
      this.done(id);
    } else if (kind === 'reorder') {
      this.held.push(id);
      if (this.held.length >= (this.fault?.batch ?? 0)) await this.release();
    } else {
      if (kind === 'duplicate') await this.post(id);
      await this.deliver(id);
    }
  }

  private hit(): WebhookFault['kind'] | undefined {
    const { fault } = this;
    if (fault === undefined) return undefined;
    fault.left -= 1;
    const { kind } = fault;
    // A reordering that has run its times still has to be released by `take`.
    if (fault.left <= 0) this.fault = kind === 'reorder' ? { ...fault, batch: 0 } : undefined;
    return kind;
  }

  private async release(): Promise<void> {
    const ids = this.held.reverse();
    this.held = [];
    if (this.fault?.batch === 0) this.fault = undefined;
    for (const id of ids) await this.deliver(id);
  }

  private async deliver(id: string): Promise<void> {
    if (await this.post(id)) {
      this.tally.delivered += 1;
      this.done(id);
      return;
    }
    if (this.stop.signal.aborted) return;
    const attempts = (this.store.deliveries.get(id)?.attempts ?? 0) + 1;
    if (attempts >= ATTEMPTS) {
      this.tally.failed += 1;
      this.done(id);
      return;
    }
    this.store.transaction(() => this.store.deliveries.put({ id, attempts }));
    const timer = setTimeout(
      () => {
        this.timers.delete(timer);
        void this.deliver(id);
      },
      (this.target.retryMilliseconds ?? 1000) * 2 ** (attempts - 1),
    );
    this.timers.add(timer);
  }

  private done(id: string): void {
    this.seen.delete(id);
    if (!this.stop.signal.aborted) this.store.transaction(() => this.store.deliveries.delete(id));
  }

  private async post(id: string): Promise<boolean> {
    const event = this.store.events.get(id);
    if (event === undefined) return true;
    const body = JSON.stringify(showEvent(event));
    try {
      const answer = await fetch(this.target.url, {
        method: 'POST',
        body,
        redirect: 'manual',
        headers: {
          'content-type': 'application/json',
          'workos-signature': signature(body, this.target.secret, Date.now()),
        },
        signal: AbortSignal.any([this.stop.signal, AbortSignal.timeout(TIMEOUT)]),
      });
      await answer.arrayBuffer();
      return answer.ok;
    } catch {
      return false;
    }
  }
}
