import { objectChanged, roleChanged, subjectChanged } from '@erato/contracts/authz/events';
import {
  apiKeyChanged,
  membershipDeleted,
  membershipUpdated,
  sessionRevoked,
  userDeleted,
} from '@erato/contracts/identity/events';
import type { EventType } from '@erato/contracts/kit/event';
import type { Credential } from './credentials.js';

/** What of an event's body tells whom it concerns. */
export interface Fact {
  readonly keyId?: string;
  readonly sessionId?: string;
  readonly userId?: string;
  /** The object or subject of an event of authz. */
  readonly type?: string;
  readonly id?: string;
}

type Concerns = (known: Credential, fact: Fact) => boolean;

const isOf: Concerns = ({ caller }, { userId }) =>
  caller.subjectType === 'user' && caller.subjectId === userId;
const restsOnSomebody: Concerns = ({ restsOn }) => restsOn.length > 0;

/** An event by which a credential may have ended or changed, and which of those that are known it concerns. */
interface Ending {
  readonly event: EventType<unknown>;
  readonly concerns: Concerns;
  /** Whether it is about keys of workspaces and harbors alone: they are few, and authorization changes often. */
  readonly elsewhere?: true;
}

/**
 * Keys and sessions themselves; a membership, since a role in the home organization administers; and for keys of
 * workspaces and harbors what decides whether their makers may still administer these (identity.md, Routes).
 */
export const endings: readonly Ending[] = [
  { event: apiKeyChanged, concerns: ({ caller }, { keyId }) => caller.keyId === keyId },
  { event: sessionRevoked, concerns: ({ caller }, { sessionId }) => caller.sessionId === sessionId },
  { event: userDeleted, concerns: isOf },
  { event: membershipUpdated, concerns: isOf },
  { event: membershipDeleted, concerns: isOf },
  {
    event: objectChanged,
    elsewhere: true,
    concerns: (known, { type, id }) =>
      type === 'organization'
        ? restsOnSomebody(known, {})
        : known.caller.subjectType === type && known.caller.subjectId === id,
  },
  {
    event: subjectChanged,
    elsewhere: true,
    concerns: (known, { type, id = '' }) =>
      type === 'user' ? known.restsOn.includes(id) : restsOnSomebody(known, {}),
  },
  { event: roleChanged, elsewhere: true, concerns: restsOnSomebody },
];
