import { randomInt } from 'node:crypto';
import { failure, notFound, type ApiError } from './api-error.js';
import { after, isPast, later, now } from './clock.js';
import { route, type Route } from './router.js';
import { text } from './shape.js';
import type { Standin } from './standin.js';
import { showUser, updateUser, userById, type User } from './user.js';

const LIFETIME = 10 * 60_000;
const TRIES = 5;

/** A code that proves an address; nothing is mailed, it is read through the API. */
export interface EmailVerification {
  readonly id: string;
  readonly user_id: string;
  readonly email: string;
  readonly code: string;
  readonly attempts: number;
  readonly used: boolean;
  readonly expires_at: string;
  readonly created_at: string;
  readonly updated_at: string;
}

function eventData({ code: _code, attempts: _attempts, used: _used, ...rest }: EmailVerification) {
  return { object: 'email_verification', ...rest };
}

export function emailVerificationRoutes(standin: Standin): Route[] {
  const { store } = standin;
  return [
    route({
      method: 'GET',
      path: '/user_management/email_verification/:id',
      handle: ({ param }) => {
        const found = store.emailVerifications.get(param('id'));
        if (found === undefined) throw notFound('Email Verification', param('id'));
        return { status: 200, json: { ...eventData(found), code: found.code } };
      },
    }),
    route({
      method: 'POST',
      path: '/user_management/users/:id/email_verification/send',
      body: {},
      handle: ({ param }) => {
        const user = userById(standin, param('id'));
        if (user.email_verified)
          throw failure(400, 'email_already_verified', 'The email has already been verified.');
        startVerification(standin, user);
        return { status: 200, json: { user: showUser(user) } };
      },
    }),
    route({
      method: 'POST',
      path: '/user_management/users/:id/email_verification/confirm',
      body: { code: text(20) },
      handle: ({ param, body }) => {
        const user = userById(standin, param('id'));
        if (user.email_verified)
          throw failure(400, 'email_previously_verified', 'The email has already been verified.');
        const latest = store.emailVerifications
          .filter((row) => row.user_id === user.id && row.email === user.email)
          .at(-1);
        const refused =
          latest === undefined
            ? failure(400, 'email_verification_code_incorrect', 'The code is incorrect.')
            : tryCode(standin, latest, body.code, 'email_verification_code');
        if (refused !== undefined) return { status: refused.status, json: refused.body };
        return { status: 200, json: { user: showUser(userById(standin, user.id)) } };
      },
    }),
  ];
}

export function startVerification({ store, events }: Standin, user: User): EmailVerification {
  const at = now();
  const made = store.emailVerifications.put({
    id: store.ids.next('email_verification'),
    user_id: user.id,
    email: user.email,
    code: String(randomInt(1_000_000)).padStart(6, '0'),
    attempts: 0,
    used: false,
    expires_at: later(LIFETIME),
    created_at: at,
    updated_at: at,
  });
  events.append('email_verification.created', eventData(made));
  return made;
}

/**
 * Marks the address as verified when the code fits. The refusal is returned, not thrown, so that the attempt is
 * kept; the grant calls its codes `one_time_code_…`, the confirmation route `email_verification_code_…`.
 */
export function tryCode(
  standin: Standin,
  verification: EmailVerification,
  code: string,
  kind: 'one_time_code' | 'email_verification_code',
): ApiError | undefined {
  if (verification.used) return failure(400, `${kind}_previously_used`, 'The code has already been used.');
  if (isPast(verification.expires_at)) return failure(400, `${kind}_expired`, 'The code has expired.');
  if (verification.attempts >= TRIES) {
    return kind === 'one_time_code'
      ? failure(400, 'one_time_code_too_many_attempts', 'Too many attempts.')
      : failure(400, 'email_verification_code_expired', 'The code has expired.');
  }
  const fits = verification.code === code;
  const updated_at = after(verification.updated_at);
  standin.store.emailVerifications.put({
    ...verification,
    attempts: verification.attempts + 1,
    used: fits,
    updated_at,
  });
  if (!fits) {
    return kind === 'one_time_code'
      ? failure(400, 'invalid_one_time_code', 'The code is incorrect.')
      : failure(400, 'email_verification_code_incorrect', 'The code is incorrect.');
  }
  const user = userById(standin, verification.user_id);
  if (user.email === verification.email) updateUser(standin, user, { email_verified: true });
  return undefined;
}
