import { calls, one, query } from '../kit/call.js';
import { Flag, JsonObject, Nullable, OneOf, Optional, Text, TextList, Timestamp } from '../kit/fields.js';
import type { Caller, Ceiling } from '../kit/context.js';

export class ResolveKey {
  /** SHA-256 of the key, in hexadecimal: the key itself does not travel. */
  @Text({ min: 64, max: 64, pattern: /^[0-9a-f]{64}$/ }) keyHash: string;
}

/** The caller behind an API key that is in force. */
export class ResolvedKey {
  /** Null where no such key is in force: unknown, revoked, expired, or its subject is gone. */
  @Text({ max: 64 }) @Nullable() keyId: string | null;
  @OneOf(['user', 'organization', 'workspace', 'harbor']) @Optional() subjectType?: Exclude<
    Caller['subjectType'],
    'guest'
  >;
  @Text({ max: 64 }) @Optional() subjectId?: string;
  @TextList({ max: 64, length: 64 }) @Optional() scopes?: string[];
  @JsonObject({ maxBytes: 16_384 }) @Nullable() @Optional() ceiling?: Ceiling | null;
  @Timestamp() @Nullable() @Optional() expiresAt?: string | null;
  /** By whose right to administer its subject it is in force, where authorization decides that. */
  @TextList({ max: 100, length: 64 }) @Optional() restsOn?: string[];
}

export class ResolveSession {
  @Text({ min: 1, max: 64 }) sessionId: string;
  @Text({ min: 1, max: 64 }) userId: string;
  /** The organization and role that the session's token names. */
  @Text({ max: 64 }) @Optional() organizationId?: string;
  @Text({ max: 64 }) @Optional() role?: string;
}

export class ResolvedSession {
  /** False once the session was revoked or the user is gone. */
  @Flag() active: boolean;
  /** Whether the role is the one that administers Erato, in the home organization (http.md, Who calls). */
  @Flag() admin: boolean;
}

/** What the gateway asks identity about credentials, and then keeps until an event says otherwise; services only. */
export const credentials = calls('identity.credential', {
  key: query({
    scope: null,
    callers: ['gateway'],
    request: ResolveKey,
    reply: one(ResolvedKey),
    summary: 'The caller of an API key.',
  }),
  session: query({
    scope: null,
    callers: ['gateway'],
    request: ResolveSession,
    reply: one(ResolvedSession),
    summary: 'Whether a session is in force.',
  }),
});
