import { ApiError, failure, invalidParameter, oauthFailure } from './api-error.js';
import { documentOf, field, form, type Hidden } from './authkit-page.js';
import { startVerification, tryCode } from './email-verification.js';
import { markup } from '@erato/platform/html/markup';
import { acceptInvitation, redeemable } from './invitation.js';
import { passwordMatches } from './password.js';
import { invalidPending, issueCode, pendingBy, suspend } from './pending.js';
import { route, type Reply, type Route } from './router.js';
import { email, oneOf, optional, text, type Shaped } from './shape.js';
import { choices } from './sign-in.js';
import type { Standin } from './standin.js';
import { createUser, userByEmail, userById, type User } from './user.js';

const asked = {
  client_id: text(),
  redirect_uri: text(),
  response_type: oneOf('code'),
  provider: oneOf('authkit'),
  state: optional(text(4000, 0)),
  code_challenge: optional(text(128)),
  code_challenge_method: optional(oneOf('S256')),
  organization_id: optional(text()),
  invitation_token: optional(text()),
  login_hint: optional(text()),
  screen_hint: optional(oneOf('sign-in', 'sign-up')),
  prompt: optional(oneOf('login', 'select_account', 'consent', 'none')),
  max_age: optional(text(20)),
};
type Asked = Shaped<typeof asked>;

/** A step of the form, and whose browser sent it. */
interface Sent extends Asked {
  readonly ip_address: string | null;
  readonly user_agent: string | null;
}

const steps = {
  step: oneOf('sign-in', 'sign-up', 'verify', 'select'),
  email: optional(email),
  password: optional(text(200)),
  first_name: optional(text(255, 0)),
  last_name: optional(text(255, 0)),
  pending: optional(text()),
  code: optional(text(20)),
  chosen_organization: optional(text()),
};

/** AuthKit's page: sign in or sign up with a password, then back to the application with a code. */
export function authkitRoutes(standin: Standin): Route[] {
  const path = '/user_management/authorize';
  return [
    route({
      method: 'GET',
      path,
      open: true,
      query: asked,
      handle: ({ query }) => {
        check(standin, query);
        if (query.prompt === 'none') return back(query, { error: 'login_required' });
        return query.screen_hint === 'sign-up' ? signUpPage(query) : signInPage(query);
      },
    }),
    route({
      method: 'POST',
      path,
      open: true,
      form: true,
      body: { ...asked, ...steps },
      handle: ({ body: fields, ip, userAgent }) => {
        const body = { ...fields, ip_address: ip, user_agent: userAgent };
        check(standin, body);
        switch (body.step) {
          case 'sign-in': {
            const user = userByEmail(standin, body.email);
            if (user === undefined || !passwordMatches(body.password ?? '', user.password_hash)) {
              return signInPage(body, 'Wrong e-mail address or password.', body.email);
            }
            return proceed(standin, body, user);
          }
          case 'sign-up':
            return signUp(standin, body);
          case 'verify': {
            const { pending, user } = pendingUser(standin, body.pending);
            const verification = standin.store.emailVerifications.get(pending.email_verification_id ?? '');
            if (verification === undefined) throw invalidPending(body.pending ?? '');
            const refused = tryCode(standin, verification, body.code ?? '', 'one_time_code');
            if (refused !== undefined)
              return verifyPage(body, body.pending ?? '', verification.code, messageOf(refused));
            standin.store.pending.delete(pending.id);
            return proceed(standin, body, userById(standin, user.id));
          }
          case 'select': {
            const { pending, user } = pendingUser(standin, body.pending);
            if (pending.email_verification_id !== null) throw invalidPending(body.pending ?? '');
            const chosen = choices(standin, user).find(({ id }) => id === body.chosen_organization);
            if (chosen === undefined)
              return selectPage(standin, body, body.pending ?? '', user, 'Choose an organization.');
            standin.store.pending.delete(pending.id);
            return grant(standin, body, user, chosen.id);
          }
        }
      },
    }),
  ];
}

function check({ clientId, redirectUris }: Standin, query: Asked): void {
  if (query.client_id !== clientId) throw oauthFailure('invalid_client', 'Invalid client ID.');
  const target = URL.canParse(query.redirect_uri) ? new URL(query.redirect_uri) : undefined;
  const web = target?.protocol === 'http:' || target?.protocol === 'https:';
  const near = target !== undefined && ['localhost', '127.0.0.1', '[::1]'].includes(target.hostname);
  if (!web || (!near && !redirectUris.includes(query.redirect_uri))) {
    throw failure(400, 'invalid_redirect_uri', 'This is not a valid redirect URI.');
  }
  if ((query.code_challenge === undefined) !== (query.code_challenge_method === undefined)) {
    throw invalidParameter(
      'code_challenge',
      'code_challenge_incomplete',
      'code_challenge and code_challenge_method go together.',
    );
  }
}

interface SignUp extends Sent {
  readonly email: string | undefined;
  readonly password: string | undefined;
  readonly first_name: string | undefined;
  readonly last_name: string | undefined;
}

/** The address counts as verified at once: there is no mailbox that could prove it. */
function signUp(standin: Standin, body: SignUp): Reply {
  if (body.email === undefined || body.password === undefined)
    return signUpPage(body, 'E-mail address and password are needed.');
  const refused = refusedInvitation(standin, body, body.email);
  if (refused !== undefined) return signUpPage(body, refused, body.email);
  let user: User;
  try {
    user = createUser(standin, {
      email: body.email,
      password: body.password,
      email_verified: true,
      first_name: body.first_name === '' ? null : body.first_name,
      last_name: body.last_name === '' ? null : body.last_name,
    });
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    return signUpPage(body, messageOf(error), body.email);
  }
  return proceed(standin, body, user);
}

/** Why the invitation of this request cannot be redeemed with that address, if it cannot. */
function refusedInvitation(standin: Standin, query: Asked, address: string): string | undefined {
  try {
    if (query.invitation_token !== undefined) redeemable(standin, query.invitation_token, address);
    return undefined;
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    return messageOf(error);
  }
}

function proceed(standin: Standin, query: Sent, user: User): Reply {
  const refused = refusedInvitation(standin, query, user.email);
  if (refused !== undefined) return signInPage(query, refused, user.email);
  if (!user.email_verified) {
    const verification = startVerification(standin, user);
    return verifyPage(query, pendingFor(standin, user, verification.id), verification.code);
  }
  const invitation =
    query.invitation_token === undefined
      ? undefined
      : redeemable(standin, query.invitation_token, user.email);
  if (invitation !== undefined) acceptInvitation(standin, invitation, user);
  const wanted = query.organization_id ?? invitation?.organization_id ?? undefined;
  const organizations = choices(standin, user);
  if (wanted !== undefined) {
    if (organizations.some(({ id }) => id === wanted)) return grant(standin, query, user, wanted);
    return signInPage(query, 'You are not a member of this organization.', user.email);
  }
  if (organizations.length > 1) return selectPage(standin, query, pendingFor(standin, user, null), user);
  return grant(standin, query, user, organizations[0]?.id ?? null);
}

function pendingFor(standin: Standin, user: User, verification: string | null): string {
  const invitation = { invitation_token: null, public_client: false };
  return suspend(standin, { user_id: user.id, email_verification_id: verification, ...invitation });
}

function pendingUser(standin: Standin, token = '') {
  const pending = pendingBy(standin, token);
  const user = pending === undefined ? undefined : standin.store.users.get(pending.user_id);
  if (pending === undefined || user === undefined) throw invalidPending(token);
  return { pending, user };
}

function grant(standin: Standin, query: Sent, user: User, organizationId: string | null): Reply {
  const code = issueCode(standin, {
    user_id: user.id,
    organization_id: organizationId,
    code_challenge: query.code_challenge ?? null,
    ip_address: query.ip_address,
    user_agent: query.user_agent,
  });
  return back(query, { code });
}

function back(query: Asked, answer: Readonly<Record<string, string>>): Reply {
  const target = new URL(query.redirect_uri);
  for (const [name, value] of Object.entries(answer)) target.searchParams.set(name, value);
  if (query.state !== undefined) target.searchParams.set('state', query.state);
  return { status: 302, headers: { location: target.href, 'cache-control': 'no-store' } };
}

function carried(query: Asked, step: string): Hidden {
  const kept = Object.keys(asked).map((name) => [name, query[name as keyof Asked]]);
  return { ...(Object.fromEntries(kept) as Hidden), step };
}

function other(query: Asked, screen: 'sign-in' | 'sign-up', label: string) {
  const parameters = Object.entries(carried({ ...query, screen_hint: screen }, ''));
  const search = new URLSearchParams();
  for (const [name, value] of parameters) if (value !== undefined && name !== 'step') search.set(name, value);
  return markup`<p><a href="/user_management/authorize?${search.toString()}">${label}</a></p>`;
}

function signInPage(query: Asked, error?: string, address = query.login_hint): Reply {
  const fields = markup`${field('email', 'E-mail address', 'email', 'username', address)}${field('password', 'Password', 'password', 'current-password')}`;
  const body = markup`${form(carried(query, 'sign-in'), error, fields, 'Sign in')}${other(query, 'sign-up', 'Create an account')}`;
  return documentOf('Sign in', body, query.redirect_uri, error === undefined ? 200 : 400);
}

function signUpPage(query: Asked, error?: string, address = query.login_hint): Reply {
  const fields = markup`${field('first_name', 'First name (optional)', 'text', 'given-name', '', false)}${field('last_name', 'Last name (optional)', 'text', 'family-name', '', false)}${field('email', 'E-mail address', 'email', 'username', address)}${field('password', 'Password (at least 10 characters)', 'password', 'new-password')}`;
  const body = markup`${form(carried(query, 'sign-up'), error, fields, 'Create account')}${other(query, 'sign-in', 'I have an account')}`;
  return documentOf('Create an account', body, query.redirect_uri, error === undefined ? 200 : 400);
}

function verifyPage(query: Asked, pending: string, code: string, error?: string): Reply {
  const fields = markup`<p>This stand-in sends no mail. Your code is <strong>${code}</strong>.</p>
    ${field('code', 'Code', 'text', 'one-time-code')}`;
  const body = form({ ...carried(query, 'verify'), pending }, error, fields, 'Verify');
  return documentOf('Verify your e-mail address', body, query.redirect_uri, error === undefined ? 200 : 400);
}

function selectPage(standin: Standin, query: Asked, pending: string, user: User, error?: string): Reply {
  const options = choices(standin, user).map(
    ({ id, name }) =>
      markup`<p>
        <input type="radio" name="chosen_organization" id="${id}" value="${id}" required />
        <label for="${id}">${name}</label>
      </p>`,
  );
  const fields = markup`<fieldset>
    <legend>Where do you want to sign in?</legend>
    ${options}
  </fieldset>`;
  const body = form({ ...carried(query, 'select'), pending }, error, fields, 'Continue');
  return documentOf('Choose an organization', body, query.redirect_uri, error === undefined ? 200 : 400);
}

function messageOf({ body }: ApiError): string {
  const details = Array.isArray(body['errors'])
    ? (body['errors'] as { message: string }[]).map(({ message }) => message)
    : [];
  return details.length > 0 ? details.join(' ') : String(body['message'] ?? body['error_description']);
}
