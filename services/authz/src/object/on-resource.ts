import { Injectable } from '@nestjs/common';
import {
  type AuthorFact,
  authorAdded,
  authorRemoved,
  type ResourceFact,
  resourceCreated,
  resourceDeleted,
  resourceListed,
  resourcePublished,
  resourceUnlisted,
  resourceUpdated,
} from '@erato/contracts/content/events';
import type { CloudEvent, EventType } from '@erato/contracts/kit/event';
import type { Tx } from '@erato/platform/database/tx';
import type { EventHandler } from '@erato/platform/events/handler';
import { objectHeard } from './object-heard.js';

abstract class OnResource<T extends ResourceFact | AuthorFact> implements EventHandler<T> {
  abstract readonly event: EventType<T>;
  apply(tx: Tx, { data: { resourceId: id, object } }: CloudEvent<T>): Promise<void> {
    return objectHeard(tx, { type: 'resource', id }, object);
  }
}

@Injectable()
export class OnResourceCreated extends OnResource<ResourceFact> {
  readonly event = resourceCreated;
}

@Injectable()
export class OnResourceUpdated extends OnResource<ResourceFact> {
  readonly event = resourceUpdated;
}

@Injectable()
export class OnResourcePublished extends OnResource<ResourceFact> {
  readonly event = resourcePublished;
}

@Injectable()
export class OnResourceListed extends OnResource<ResourceFact> {
  readonly event = resourceListed;
}

@Injectable()
export class OnResourceUnlisted extends OnResource<ResourceFact> {
  readonly event = resourceUnlisted;
}

@Injectable()
export class OnResourceDeleted extends OnResource<ResourceFact> {
  readonly event = resourceDeleted;
}

@Injectable()
export class OnAuthorAdded extends OnResource<AuthorFact> {
  readonly event = authorAdded;
}

@Injectable()
export class OnAuthorRemoved extends OnResource<AuthorFact> {
  readonly event = authorRemoved;
}
