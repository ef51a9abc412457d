import { Injectable } from '@nestjs/common';
import {
  workspaceDeleted,
  workspaceTransferred,
  type WorkspaceFact,
  type WorkspaceTransferFact,
} from '@erato/contracts/content/events';
import type { CloudEvent } from '@erato/contracts/kit/event';
import type { Tx } from '@erato/platform/database/tx';
import type { EventHandler } from '@erato/platform/events/handler';
import { revokeKeysOf } from './key-events.js';

/** A workspace has another owner: its keys were given by the one before, and open nothing to him any more. */
@Injectable()
export class OnWorkspaceTransferred implements EventHandler<WorkspaceTransferFact> {
  readonly event = workspaceTransferred;

  apply(tx: Tx, { data: { workspaceId } }: CloudEvent<WorkspaceTransferFact>): Promise<void> {
    return revokeKeysOf(tx, 'workspace', workspaceId);
  }
}

/** A workspace is gone, and its keys with it. */
@Injectable()
export class OnWorkspaceDeleted implements EventHandler<WorkspaceFact> {
  readonly event = workspaceDeleted;

  apply(tx: Tx, { data: { workspaceId } }: CloudEvent<WorkspaceFact>): Promise<void> {
    return revokeKeysOf(tx, 'workspace', workspaceId);
  }
}
