import { Injectable } from '@nestjs/common';
import type { Event, EventName } from '@workos-inc/node';
import {
  invitationAccepted,
  invitationCreated,
  invitationRevoked,
  type InvitationFact,
} from '@erato/contracts/identity/events';
import type { EventType } from '@erato/contracts/kit/event';
import type { Tx } from '@erato/platform/database/tx';
import type { WriteContext } from '@erato/platform/database/write-context';
import { HomeOrganization } from '../home/home-organization.js';
import { mirrorMembership, removeMembership } from '../member/mirror-membership.js';
import { mirrorOrganization, removeOrganization } from '../organization/mirror-organization.js';
import { rememberRevokedSession } from '../session/revoked-session.js';
import { eraseUser } from '../user/erase-user.js';
import { mirrorUser } from '../user/mirror-user.js';
import type { WorkosMembership } from '../workos/objects.js';

/** The events that are read; those of sessions, so that one that ended elsewhere is refused here too. */
export const eventNames = [
  'user.created',
  'user.updated',
  'user.deleted',
  'organization.created',
  'organization.updated',
  'organization.deleted',
  'organization_membership.created',
  'organization_membership.updated',
  'organization_membership.deleted',
  'invitation.created',
  'invitation.accepted',
  'invitation.revoked',
  'session.revoked',
] as const satisfies readonly EventName[];

/** What WorkOS had to be asked before an event is applied. */
export interface Prepared {
  /** The new user's membership of the home organization. */
  readonly home: WorkosMembership | null;
}

/** Applies one of WorkOS' events to the mirror. Applied again, or late, it changes nothing. */
@Injectable()
export class ApplyEvent {
  constructor(private readonly home: HomeOrganization) {}

  /** Enrols who signs up into the home organization; a user who is gone again needs none. */
  async prepare(event: Event, context: WriteContext): Promise<Prepared> {
    if (event.event !== 'user.created') return { home: null };
    const home = await this.home.id();
    return { home: await this.home.joinIfThere(context, event.data.id, home) };
  }

  async apply(tx: Tx, event: Event, prepared: Prepared): Promise<void> {
    switch (event.event) {
      case 'user.created':
      case 'user.updated':
        await mirrorUser(tx, event.data);
        if (prepared.home) await mirrorMembership(tx, prepared.home);
        return;
      case 'user.deleted':
        return eraseUser(tx, event.data.id);
      case 'organization.created':
      case 'organization.updated':
        await mirrorOrganization(tx, event.data);
        return;
      case 'organization.deleted':
        return removeOrganization(tx, event.data.id);
      case 'organization_membership.created':
      case 'organization_membership.updated':
        await mirrorMembership(tx, event.data);
        return;
      case 'organization_membership.deleted':
        return removeMembership(tx, event.data.id, new Date(event.createdAt));
      case 'invitation.created':
        tell(tx, invitationCreated, event.data);
        return;
      case 'invitation.accepted':
        tell(tx, invitationAccepted, event.data);
        return;
      case 'invitation.revoked':
        tell(tx, invitationRevoked, event.data);
        return;
      case 'session.revoked':
        return rememberRevokedSession(tx, event.data.id, event.data.userId);
      default:
        return;
    }
  }
}

interface InvitationData {
  readonly id: string;
  readonly organizationId: string | null;
  readonly acceptedUserId?: string | null;
}

function tell(tx: Tx, type: EventType<InvitationFact>, invitation: InvitationData): void {
  const { id, organizationId, acceptedUserId = null } = invitation;
  tx.emit(type, id, { invitationId: id, organizationId, userId: acceptedUserId });
}
