import { Injectable } from '@nestjs/common';
import { Bus } from '@erato/platform/transport/bus';

const subject = 'wake.identity.sync';

/**
 * Wakes the worker, in whichever process it runs. Wake-ups that come while it is awake are joined: one more look is all
 * that they cause (security.md, Webhooks in).
 */
@Injectable()
export class Waker {
  #rouse: (() => void) | undefined;
  #pending = false;

  constructor(private readonly bus: Bus) {
    bus.connection.subscribe(subject, {
      callback: (error) => {
        if (!error) this.#wakeHere();
      },
    });
  }

  /** Tells every process; the one that leads looks. */
  wake(): void {
    if (this.bus.connected) this.bus.connection.publish(subject);
  }

  /** What was asked for up to now is about to be done. */
  listen(): void {
    this.#pending = false;
  }

  /** Until it is woken, or for so long; at once where it was woken since {@link listen}. */
  sleep(ms: number, signal: AbortSignal): Promise<void> {
    if (this.#pending || signal.aborted) return Promise.resolve();
    return new Promise((resolve) => {
      const end = (): void => {
        clearTimeout(timer);
        signal.removeEventListener('abort', end);
        this.#rouse = undefined;
        resolve();
      };
      const timer = setTimeout(end, ms);
      signal.addEventListener('abort', end, { once: true });
      this.#rouse = end;
    });
  }

  #wakeHere(): void {
    this.#pending = true;
    this.#rouse?.();
  }
}
