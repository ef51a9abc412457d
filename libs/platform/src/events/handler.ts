import type { CloudEvent, EventType } from '@erato/contracts/kit/event';
import type { Tx } from '../database/tx.js';

/**
 * What a service does when it hears an event: one file, one class. `apply` runs in the transaction that also marks the
 * event as heard, so it takes effect once however often the event comes. Events of one service come in their order.
 */
export interface EventHandler<T = unknown> {
  readonly event: EventType<T>;
  apply(tx: Tx, event: CloudEvent<T>): Promise<void>;
  /** The same for events that came directly one after the other, to the same end as `apply` of each; for those that come often. */
  applyAll?(tx: Tx, events: readonly CloudEvent<T>[]): Promise<void>;
}
