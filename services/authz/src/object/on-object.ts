import { Injectable } from '@nestjs/common';
import type { ObjectDescription } from '@erato/contracts/authz/object-description';
import { objectEvents } from '@erato/contracts/authz/object-events';
import type { CloudEvent } from '@erato/contracts/kit/event';
import type { Tx } from '@erato/platform/database/tx';
import type { EventHandler } from '@erato/platform/events/handler';
import { objectHeard, objectsHeard } from './object-heard.js';

interface Stated {
  readonly object: ObjectDescription | null;
}

/** One consumer for each event that tells of an object: whoever owns a type of object states it in the same form. */
export const objectConsumers = objectEvents.map(({ type, event }) => {
  @Injectable()
  class OnObject implements EventHandler<Stated> {
    readonly event = event;
    apply(tx: Tx, { subject: id, data: { object } }: CloudEvent<Stated>): Promise<void> {
      return objectHeard(tx, { type, id }, object);
    }

    async applyAll(tx: Tx, events: readonly CloudEvent<Stated>[]): Promise<void> {
      let together = new Map<string, ObjectDescription>();
      const store = async (): Promise<void> => {
        if (together.size > 0) await objectsHeard(tx, [...together.values()]);
        together = new Map();
      };
      for (const { subject: id, data } of events) {
        if (!data.object || together.has(id)) await store();
        if (data.object) together.set(id, data.object);
        else await objectHeard(tx, { type, id }, null);
      }
      await store();
    }
  }
  return OnObject;
});
