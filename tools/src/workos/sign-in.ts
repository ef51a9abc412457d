import { now } from './clock.js';
import { startVerification } from './email-verification.js';
import { acceptInvitation, redeemable } from './invitation.js';
import { activeMemberships } from './membership.js';
import { suspend } from './pending.js';
import type { Reply } from './router.js';
import { rotateRefreshToken, startSession, type RefreshToken, type Session } from './session.js';
import type { Standin } from './standin.js';
import { accessToken } from './token.js';
import { showUser, type User } from './user.js';

/** Who signs in, and how. */
export interface Attempt {
  readonly ip: string | null;
  readonly userAgent: string | null;
  readonly publicClient: boolean;
  readonly invitationToken: string | null;
}

/** Organizations that a user may sign in to. */
export function choices(standin: Standin, user: User): { id: string; name: string }[] {
  return activeMemberships(standin, user.id).map(({ organization_id: id }) => ({
    id,
    name: standin.store.organizations.get(id)?.name ?? '',
  }));
}

/** After the password: a verified address, then an invitation, then the one organization or the choice among several. */
export function continueSignIn(standin: Standin, user: User, attempt: Attempt): Reply {
  const invitation =
    attempt.invitationToken === null ? undefined : redeemable(standin, attempt.invitationToken, user.email);
  const state = {
    user_id: user.id,
    invitation_token: attempt.invitationToken,
    public_client: attempt.publicClient,
  };
  if (!user.email_verified) {
    const verification = startVerification(standin, user);
    return {
      status: 403,
      json: {
        code: 'email_verification_required',
        message: 'Email ownership must be verified before authentication.',
        pending_authentication_token: suspend(standin, { ...state, email_verification_id: verification.id }),
        email: user.email,
        email_verification_id: verification.id,
      },
    };
  }
  if (invitation !== undefined) {
    acceptInvitation(standin, invitation, user);
    if (invitation.organization_id !== null)
      return finishSignIn(standin, user, invitation.organization_id, attempt);
  }
  const organizations = choices(standin, user);
  if (organizations.length > 1) {
    return {
      status: 403,
      json: {
        code: 'organization_selection_required',
        message: 'The user must choose an organization to finish their authentication.',
        pending_authentication_token: suspend(standin, {
          ...state,
          invitation_token: null,
          email_verification_id: null,
        }),
        organizations,
        user: showUser(user),
      },
    };
  }
  return finishSignIn(standin, user, organizations[0]?.id ?? null, attempt);
}

/** Starts the session and answers with its tokens. */
export function finishSignIn(
  standin: Standin,
  user: User,
  organizationId: string | null,
  { ip, userAgent, publicClient }: Omit<Attempt, 'invitationToken'>,
): Reply {
  // WorkOS tells no `user.updated` of this.
  const seen = standin.store.users.put({ ...user, last_sign_in_at: now() });
  const session = startSession(standin, { userId: user.id, organizationId, ip, userAgent, publicClient });
  return tokens(standin, seen, session, rotateRefreshToken(standin, session));
}

/** Goes on with a session, in the given organization, under the same `sid`. */
export function resume(
  standin: Standin,
  user: User,
  session: Session,
  organizationId: string | null,
  previous: RefreshToken | undefined,
): Reply {
  const going = standin.store.sessions.put({
    ...session,
    organization_id: organizationId,
    updated_at: now(),
  });
  return tokens(standin, user, going, rotateRefreshToken(standin, going, previous));
}

function tokens(standin: Standin, user: User, session: Session, refreshToken: string): Reply {
  return {
    status: 200,
    json: {
      user: showUser(user),
      ...(session.organization_id === null ? {} : { organization_id: session.organization_id }),
      access_token: accessToken(standin, session),
      refresh_token: refreshToken,
      authentication_method: 'Password',
    },
  };
}
