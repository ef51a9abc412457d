import { calls, command, nothing, page, query } from '../kit/call.js';
import { Flag, Nullable, OneOf, Text, Timestamp } from '../kit/fields.js';
import { notFound, permissionDenied } from '../kit/failure.js';
import { WorkosPageQuery } from './workos-page-query.js';
import { partialWrite, workosUnavailable } from './workos.js';

const statuses = ['active', 'expired', 'revoked'] as const;

/** A sign-in that can be refreshed. */
export class Session {
  @Text({ max: 64 }) id: string;
  /** Whether this very request was made with it. */
  @Flag() current: boolean;
  @OneOf(statuses) status: (typeof statuses)[number];
  @Text({ max: 64 }) authMethod: string;
  @Text({ max: 64 }) @Nullable() organizationId: string | null;
  @Text({ max: 64 }) @Nullable() ipAddress: string | null;
  @Text({ max: 1000 }) @Nullable() userAgent: string | null;
  @Timestamp() createdAt: string;
  @Timestamp() expiresAt: string;
}

export class ListSessions extends WorkosPageQuery {}

export class RevokeSession {
  @Text({ min: 1, max: 200 }) id: string;
}

const shown = {
  id: 'session_01J8ZBEJ9Y4T6R2W8Q0M3N5K7D',
  current: true,
  status: 'active',
  authMethod: 'password',
  organizationId: null,
  ipAddress: null,
  userAgent: 'curl/8.9',
  createdAt: '2026-03-02T09:00:00.000Z',
  expiresAt: '2027-03-02T09:00:00.000Z',
};

/** The caller's sessions (identity.md, Routes); for users alone. */
export const sessions = calls('identity.session', {
  list: query({
    http: 'GET /auth/sessions',
    scope: 'users:read',
    request: ListSessions,
    reply: page(Session),
    fails: [permissionDenied, workosUnavailable],
    summary: 'Lists one’s sessions, newest first.',
    example: { reply: shown },
  }),
  revoke: command({
    http: 'DELETE /auth/sessions/{id}',
    scope: 'users:write',
    request: RevokeSession,
    reply: nothing,
    fails: [notFound, permissionDenied, workosUnavailable, partialWrite],
    summary: 'Ends one of one’s sessions; its access token is refused within 5 s.',
    example: { request: { id: shown.id } },
  }),
});
