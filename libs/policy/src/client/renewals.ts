import type { PrincipalRef } from '@erato/contracts/authz/facts';
import { apart } from '@erato/platform/telemetry/tracing';
import { type ObjectRef, objectKey } from '../facts.js';
import { Batch } from './batch.js';

/** From this age on, in milliseconds, what is still used is asked for anew: half of what it lives. */
export const renewAfterMs = 15_000;

/** How long renewals gather before they leave together, in milliseconds. */
const gatherMs = 250;
const patienceMs = 5_000;

/**
 * Asks again, many in one message, for what is in use before its time is over, so that no decision waits for it. Where no
 * answer comes, nothing is lost: an entry lives as long as it would have, and is then asked for by who needs it.
 */
export class Renewals {
  readonly #underWay = new Set<string>();
  #next: Batch | undefined;

  constructor(private readonly send: (batch: Batch) => Promise<void>) {}

  subject(ref: PrincipalRef): void {
    const key = objectKey(ref);
    if (this.#isNew(`subjects ${key}`)) this.#gather((batch) => batch.subjects.set(key, ref));
  }

  object(ref: ObjectRef): void {
    const key = objectKey(ref);
    if (this.#isNew(`objects ${key}`)) this.#gather((batch) => batch.objects.set(key, ref));
  }

  #isNew(key: string): boolean {
    if (this.#underWay.has(key)) return false;
    this.#underWay.add(key);
    return true;
  }

  #gather(into: (batch: Batch) => void): void {
    const batch = (this.#next ??= this.#open());
    into(batch);
    if (batch.full) this.#leave(batch);
  }

  #open(): Batch {
    const batch = new Batch();
    setTimeout(() => this.#leave(batch), gatherMs).unref();
    return batch;
  }

  /** Once, when it is full or its time has come. */
  #leave(batch: Batch): void {
    if (this.#next !== batch) return;
    this.#next = undefined;
    batch.wait({ deadline: Date.now() + patienceMs, requestId: crypto.randomUUID() });
    void apart(() => this.send(batch)).then(() => {
      for (const key of batch.keys()) this.#underWay.delete(key);
    });
  }
}
