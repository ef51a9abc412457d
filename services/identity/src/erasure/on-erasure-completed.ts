import { Injectable, type Type } from '@nestjs/common';
import { erasures } from '@erato/contracts/erasures';
import type { ErasureFact } from '@erato/contracts/identity/events';
import type { CloudEvent, EventType } from '@erato/contracts/kit/event';
import type { Tx } from '@erato/platform/database/tx';
import type { EventHandler } from '@erato/platform/events/handler';
import { completeErasure } from './erasure-rows.js';

function onErasureCompleted(service: string, event: EventType<ErasureFact>): Type<EventHandler<ErasureFact>> {
  @Injectable()
  class OnErasureCompleted implements EventHandler<ErasureFact> {
    readonly event = event;

    apply(tx: Tx, { time, data: { userId } }: CloudEvent<ErasureFact>): Promise<void> {
      return completeErasure(tx, userId, service, new Date(time));
    }
  }
  return OnErasureCompleted;
}

/** One for each other service: its own erasure identity notes where it erases. */
export const onErasureCompletions = Object.entries(erasures)
  .filter(([service]) => service !== 'identity')
  .map(([service, event]) => onErasureCompleted(service, event));
