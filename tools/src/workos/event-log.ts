import { now } from './clock.js';
import type { Route } from './router.js';
import { route } from './router.js';
import { page, paging } from './page.js';
import { csv, instant, oneOf, optional, text } from './shape.js';
import type { Store } from './store.js';

/** The kinds of events that happen here, all of which the Events API and webhooks carry. */
export const EVENT_NAMES = [
  'email_verification.created',
  'invitation.accepted',
  'invitation.created',
  'invitation.revoked',
  'organization.created',
  'organization.deleted',
  'organization.updated',
  'organization_membership.created',
  'organization_membership.deleted',
  'organization_membership.updated',
  'session.created',
  'session.revoked',
  'user.created',
  'user.deleted',
  'user.updated',
] as const;

export type EventName = (typeof EVENT_NAMES)[number];

export interface EventRow {
  readonly id: string;
  readonly event: EventName;
  readonly data: object;
  readonly created_at: string;
  /** Whom the filter `organization_id` finds it by. */
  readonly organization_id: string | null;
}

/** A webhook that still has to arrive; its id is the event's. */
export interface Delivery {
  readonly id: string;
  readonly attempts: number;
}

/** The ordered record of what happened: each entry is written in the transaction of the change that it tells of. */
export class EventLog {
  constructor(
    private readonly store: Store,
    private readonly delivers: boolean,
  ) {}

  /** `organizationId` is the organization that the event belongs to, if any. */
  append(event: EventName, data: object, organizationId: string | null = null): void {
    const id = this.store.ids.next('event');
    this.store.events.put({ id, event, data, created_at: now(), organization_id: organizationId });
    if (this.delivers) this.store.deliveries.put({ id, attempts: 0 });
  }
}

/** An event as the Events API and webhooks show it. */
export function showEvent(row: EventRow) {
  return {
    object: 'event',
    id: row.id,
    event: row.event,
    data: row.data,
    created_at: row.created_at,
    context: {},
  };
}

export function eventRoutes(store: Store): Route[] {
  const query = {
    ...paging,
    events: optional(csv(oneOf(...EVENT_NAMES))),
    organization_id: optional(text()),
    range_start: optional(instant),
    range_end: optional(instant),
  };
  return [
    route({
      method: 'GET',
      path: '/events',
      query,
      handle: ({ query: asked }) => {
        const { events, organization_id: organization, range_start: start, range_end: end } = asked;
        const rows = store.events.filter((row) => {
          const at = Date.parse(row.created_at);
          return (
            (events === undefined || events.includes(row.event)) &&
            (organization === undefined || row.organization_id === organization) &&
            (start === undefined || at >= start) &&
            (end === undefined || at < end)
          );
        });
        return { status: 200, json: page(rows, asked, 'event', showEvent) };
      },
    }),
  ];
}
