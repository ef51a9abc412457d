import { randomBytes } from 'node:crypto';
import { invalidParameter, notFound } from './api-error.js';
import { after, isPast, later, now } from './clock.js';
import { page, paging } from './page.js';
import { route, type Route } from './router.js';
import { digest } from './secret.js';
import { optional, text } from './shape.js';
import type { Standin } from './standin.js';
import { userById } from './user.js';

const LIFETIME = 365 * 86_400_000;

export interface Session {
  readonly id: string;
  readonly user_id: string;
  readonly organization_id: string | null;
  readonly ip_address: string | null;
  readonly user_agent: string | null;
  readonly auth_method: 'password';
  readonly status: 'active' | 'revoked';
  readonly expires_at: string;
  readonly ended_at: string | null;
  readonly created_at: string;
  readonly updated_at: string;
  /** Began without a client secret, so may be refreshed without one. */
  readonly public_client: boolean;
}

/** Its id is the hash of the token: the token itself is not kept. */
export interface RefreshToken {
  readonly id: string;
  readonly session_id: string;
}

export function showSession({ public_client: _, organization_id: organization, ...session }: Session) {
  const status = session.status === 'active' && isPast(session.expires_at) ? 'expired' : session.status;
  return {
    object: 'session',
    ...session,
    status,
    ...(organization === null ? {} : { organization_id: organization }),
  };
}

export function isLive(session: Session): boolean {
  return session.status === 'active' && !isPast(session.expires_at);
}

export function sessionRoutes(standin: Standin): Route[] {
  const { store } = standin;
  const byId = (id: string): Session => {
    const found = store.sessions.get(id);
    if (found === undefined) throw notFound('Session', id);
    return found;
  };
  return [
    route({
      method: 'GET',
      path: '/user_management/users/:id/sessions',
      query: paging,
      handle: ({ query, param }) => {
        const user = userById(standin, param('id'));
        const rows = store.sessions.filter((row) => row.user_id === user.id && isLive(row));
        return { status: 200, json: page(rows, query, 'session', showSession) };
      },
    }),
    route({
      method: 'POST',
      path: '/user_management/sessions/revoke',
      body: { session_id: text(), return_to: optional(text()) },
      handle: ({ body }) => {
        revokeSession(standin, byId(body.session_id));
        return { status: 200 };
      },
    }),
    route({
      method: 'GET',
      path: '/user_management/sessions/logout',
      open: true,
      query: { session_id: text(), return_to: optional(text()) },
      handle: ({ query }) => {
        const session = byId(query.session_id);
        if (query.return_to === undefined) {
          revokeSession(standin, session);
          return { status: 200, text: 'Signed out.' };
        }
        const target = URL.canParse(query.return_to) ? new URL(query.return_to) : undefined;
        if (target?.protocol !== 'https:' && target?.protocol !== 'http:') {
          throw invalidParameter('return_to', 'return_to_invalid', 'return_to must be an http(s) address.');
        }
        revokeSession(standin, session);
        return { status: 302, headers: { location: target.href } };
      },
    }),
  ];
}

export interface NewSession {
  readonly userId: string;
  readonly organizationId: string | null;
  readonly ip: string | null;
  readonly userAgent: string | null;
  readonly publicClient: boolean;
}

export function startSession({ store, events }: Standin, asked: NewSession): Session {
  const at = now();
  const made = store.sessions.put({
    id: store.ids.next('session'),
    user_id: asked.userId,
    organization_id: asked.organizationId,
    ip_address: asked.ip,
    user_agent: asked.userAgent,
    auth_method: 'password',
    status: 'active',
    expires_at: later(LIFETIME),
    ended_at: null,
    created_at: at,
    updated_at: at,
    public_client: asked.publicClient,
  });
  events.append('session.created', showSession(made), made.organization_id);
  return made;
}

/** Gives the session its one refresh token; the one before is worthless from here on. */
export function rotateRefreshToken({ store }: Standin, session: Session, previous?: RefreshToken): string {
  if (previous !== undefined) store.refreshTokens.delete(previous.id);
  const token = randomBytes(24).toString('base64url');
  store.refreshTokens.put({ id: digest(token), session_id: session.id });
  return token;
}

/** Ends a session and its refresh token; ending it again changes nothing. */
export function revokeSession({ store, events }: Standin, session: Session): void {
  if (session.status === 'revoked') return;
  const at = after(session.updated_at);
  const ended = store.sessions.put({ ...session, status: 'revoked', ended_at: at, updated_at: at });
  for (const token of store.refreshTokens.filter((row) => row.session_id === session.id))
    store.refreshTokens.delete(token.id);
  events.append('session.revoked', showSession(ended), ended.organization_id);
}

export function revokeSessions(standin: Standin, matches: (session: Session) => boolean): void {
  for (const session of standin.store.sessions.filter(matches)) revokeSession(standin, session);
}
