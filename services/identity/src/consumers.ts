import type { Type } from '@nestjs/common';
import type { EventHandler } from '@erato/platform/events/handler';
import { OnWorkspaceDeleted, OnWorkspaceTransferred } from './api-key/on-workspace-gone.js';
import { onErasureCompletions } from './erasure/on-erasure-completed.js';

/** The events of other services that identity applies. */
export const consumers: readonly Type<EventHandler>[] = [
  OnWorkspaceTransferred,
  OnWorkspaceDeleted,
  ...onErasureCompletions,
];
