import { createHash } from 'node:crypto';
import { failure, invalidParameter, notFound, oauthFailure, type ApiError } from './api-error.js';
import { tryCode } from './email-verification.js';
import { invalidPending, pendingBy, takeCode } from './pending.js';
import { passwordMatches } from './password.js';
import { route, type Reply, type Route } from './router.js';
import { digest, sameSecret } from './secret.js';
import { isLive } from './session.js';
import { continueSignIn, finishSignIn, resume } from './sign-in.js';
import { email, isRecord, optional, shape, text } from './shape.js';
import type { Standin } from './standin.js';
import { userByEmail } from './user.js';
import { membershipOf } from './membership.js';

const common = {
  grant_type: text(),
  client_id: text(),
  client_secret: optional(text()),
  ip_address: optional(text()),
  user_agent: optional(text()),
  device_id: optional(text()),
  signals_id: optional(text()),
};
const GRANT = 'urn:workos:oauth:grant-type:';
const bodies = {
  code: shape({
    ...common,
    code: text(),
    code_verifier: optional(text()),
    invitation_token: optional(text()),
  }),
  password: shape({
    ...common,
    email,
    password: text(200),
    invitation_token: optional(text()),
    radar_auth_attempt_id: optional(text()),
  }),
  refresh: shape({ ...common, refresh_token: text(), organization_id: optional(text()) }),
  selection: shape({ ...common, pending_authentication_token: text(), organization_id: text() }),
  verification: shape({ ...common, pending_authentication_token: text(), code: text(20) }),
};
type Body<K extends keyof typeof bodies> = ReturnType<(typeof bodies)[K]>;

/** `POST /user_management/authenticate`, one grant type a function. */
export function authenticateRoute(standin: Standin): Route {
  return route({
    method: 'POST',
    path: '/user_management/authenticate',
    open: true,
    ownBody: true,
    handle: ({ input: body }) => {
      const grant = isRecord(body) ? body['grant_type'] : undefined;
      switch (grant) {
        case 'authorization_code':
          return byCode(standin, bodies.code(body));
        case 'password':
          return byPassword(standin, bodies.password(body));
        case 'refresh_token':
          return byRefreshToken(standin, bodies.refresh(body));
        case `${GRANT}organization-selection`:
          return byOrganization(standin, bodies.selection(body));
        case `${GRANT}email-verification:code`:
          return byEmailCode(standin, bodies.verification(body));
        default:
          throw invalidParameter(
            'grant_type',
            'grant_type_invalid',
            'grant_type is not one that is spoken here.',
          );
      }
    },
  });
}

function byCode(standin: Standin, body: Body<'code'>): Reply {
  const publicClient = checkClient(standin, body, body.code_verifier !== undefined);
  // From here on the code is spent: a refusal is an answer, not an exception that would undo that.
  const code = takeCode(standin, body.code);
  const user = code === undefined ? undefined : standin.store.users.get(code.user_id);
  if (code === undefined || user === undefined) {
    return refusal(oauthFailure('invalid_grant', `The code '${body.code}' has expired or is invalid.`));
  }
  if (code.code_challenge === null && body.code_verifier !== undefined) {
    return refusal(failure(400, 'code_challenge_not_found', 'No code challenge was given for this code.'));
  }
  if (code.code_challenge !== null && !verifies(body.code_verifier, code.code_challenge)) {
    return refusal(oauthFailure('invalid_grant', 'The code_verifier does not match the code_challenge.'));
  }
  if (body.invitation_token !== undefined) {
    return continueSignIn(standin, user, {
      ...sender(body, code),
      publicClient,
      invitationToken: body.invitation_token,
    });
  }
  const member =
    code.organization_id === null ? undefined : membershipOf(standin, user.id, code.organization_id);
  const organizationId = member?.status === 'active' ? member.organization_id : null;
  return finishSignIn(standin, user, organizationId, { ...sender(body, code), publicClient });
}

function byPassword(standin: Standin, body: Body<'password'>): Reply {
  checkClient(standin, body, false);
  const user = userByEmail(standin, body.email);
  if (user === undefined) throw notFound('User', body.email);
  if (!passwordMatches(body.password, user.password_hash)) {
    throw failure(400, 'invalid_credentials', 'Invalid credentials.');
  }
  const invitationToken = body.invitation_token ?? null;
  return continueSignIn(standin, user, { ...sender(body), publicClient: false, invitationToken });
}

function byRefreshToken(standin: Standin, body: Body<'refresh'>): Reply {
  const publicClient = checkClient(standin, body, true);
  const token = standin.store.refreshTokens.get(digest(body.refresh_token));
  const session = token === undefined ? undefined : standin.store.sessions.get(token.session_id);
  const user = session === undefined ? undefined : standin.store.users.get(session.user_id);
  if (session === undefined || user === undefined)
    throw oauthFailure('invalid_grant', 'Invalid refresh token.');
  if (!isLive(session)) throw oauthFailure('invalid_grant', 'Session has already ended.');
  if (publicClient && !session.public_client) throw oauthFailure('invalid_client', 'Invalid client secret.');
  const organizationId = body.organization_id ?? session.organization_id;
  if (body.organization_id !== undefined) checkMember(standin, user.id, body.organization_id);
  return resume(standin, user, session, organizationId, token);
}

function byOrganization(standin: Standin, body: Body<'selection'>): Reply {
  checkClient(standin, body, false);
  const pending = pendingBy(standin, body.pending_authentication_token);
  const user = pending === undefined ? undefined : standin.store.users.get(pending.user_id);
  if (pending === undefined || user === undefined || pending.email_verification_id !== null) {
    throw invalidPending(body.pending_authentication_token);
  }
  checkMember(standin, user.id, body.organization_id);
  standin.store.pending.delete(pending.id);
  return finishSignIn(standin, user, body.organization_id, {
    ...sender(body),
    publicClient: pending.public_client,
  });
}

function byEmailCode(standin: Standin, body: Body<'verification'>): Reply {
  checkClient(standin, body, false);
  const pending = pendingBy(standin, body.pending_authentication_token);
  const verification = standin.store.emailVerifications.get(pending?.email_verification_id ?? '');
  if (pending === undefined || verification === undefined)
    throw invalidPending(body.pending_authentication_token);
  const refused = tryCode(standin, verification, body.code, 'one_time_code');
  if (refused !== undefined) return refusal(refused);
  const user = standin.store.users.get(pending.user_id);
  if (user === undefined) throw invalidPending(body.pending_authentication_token);
  standin.store.pending.delete(pending.id);
  const { public_client: publicClient, invitation_token: invitationToken } = pending;
  return continueSignIn(standin, user, { ...sender(body), publicClient, invitationToken });
}

/** Checks id and secret of the client; true when it came without a secret, where that is allowed. */
function checkClient(
  { clientId, apiKey }: Standin,
  body: { client_id: string; client_secret?: string | undefined },
  mayBePublic: boolean,
): boolean {
  if (body.client_id !== clientId) throw oauthFailure('invalid_client', 'Invalid client ID.');
  if (body.client_secret === undefined && mayBePublic) return true;
  if (!sameSecret(body.client_secret ?? '', apiKey))
    throw oauthFailure('invalid_client', 'Invalid client secret.');
  return false;
}

function verifies(verifier: string | undefined, challenge: string): boolean {
  return (
    sameSecret(
      createHash('sha256')
        .update(verifier ?? '')
        .digest('base64url'),
      challenge,
    ) && verifier !== undefined
  );
}

function checkMember(standin: Standin, userId: string, organizationId: string): void {
  if (standin.store.organizations.get(organizationId) === undefined) {
    throw oauthFailure('organization_not_found', `The organization '${organizationId}' was not found.`);
  }
  if (membershipOf(standin, userId, organizationId)?.status !== 'active') {
    throw oauthFailure('organization_membership_not_found', 'The user is not a member of the organization.');
  }
}

/** The end user's address and browser, which the application passes on, or else AuthKit's page saw. */
function sender(
  body: { ip_address?: string | undefined; user_agent?: string | undefined },
  seen?: { ip_address: string | null; user_agent: string | null },
): { ip: string | null; userAgent: string | null } {
  return {
    ip: body.ip_address ?? seen?.ip_address ?? null,
    userAgent: body.user_agent ?? seen?.user_agent ?? null,
  };
}

function refusal(error: ApiError): Reply {
  return { status: error.status, json: error.body };
}
