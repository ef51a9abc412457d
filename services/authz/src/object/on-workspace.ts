import { Injectable } from '@nestjs/common';
import {
  type WorkspaceFact,
  workspaceCreated,
  workspaceDeleted,
  workspaceTransferred,
  workspaceUpdated,
} from '@erato/contracts/content/events';
import type { CloudEvent, EventType } from '@erato/contracts/kit/event';
import type { Tx } from '@erato/platform/database/tx';
import type { EventHandler } from '@erato/platform/events/handler';
import { objectHeard } from './object-heard.js';

abstract class OnWorkspace implements EventHandler<WorkspaceFact> {
  abstract readonly event: EventType<WorkspaceFact>;
  apply(tx: Tx, { data: { workspaceId: id, object } }: CloudEvent<WorkspaceFact>): Promise<void> {
    return objectHeard(tx, { type: 'workspace', id }, object);
  }
}

@Injectable()
export class OnWorkspaceCreated extends OnWorkspace {
  readonly event = workspaceCreated;
}

@Injectable()
export class OnWorkspaceUpdated extends OnWorkspace {
  readonly event = workspaceUpdated;
}

@Injectable()
export class OnWorkspaceTransferred extends OnWorkspace {
  readonly event = workspaceTransferred;
}

@Injectable()
export class OnWorkspaceDeleted extends OnWorkspace {
  readonly event = workspaceDeleted;
}
