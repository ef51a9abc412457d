import { calls, command, one, query } from '../kit/call.js';
import { Email, Nullable, OneOf, Optional, Text, Whole } from '../kit/fields.js';
import { failure } from '../kit/failure.js';
import { workosRefused, workosUnavailable } from './workos.js';

/** The same for a wrong password, an unknown user, and a code or token that is not in force. */
export const invalidGrant = failure('unauthenticated', 'invalid_grant', 'This does not sign in.');
export const grantDisabled = failure('invalid', 'grant_disabled', 'This grant type is switched off here.');
/** `extra.next`: a call with `grantType: email_verification`, the token and the code from the e-mail. */
export const emailVerificationRequired = failure(
  'forbidden',
  'email_verification_required',
  'The e-mail address must be verified first.',
);
/** `extra.next`: a call with `grantType: mfa_totp`, the token, a challenge and its code. */
export const mfaRequired = failure('forbidden', 'mfa_required', 'A second factor is needed.');
/** `extra.next`: a call with `grantType: organization_selection`, the token and one of `organizations`. */
export const organizationSelectionRequired = failure(
  'forbidden',
  'organization_selection_required',
  'The user must choose an organization.',
);

export const grantTypes = [
  'authorization_code',
  'refresh_token',
  'password',
  'email_verification',
  'mfa_totp',
  'organization_selection',
] as const;
export type GrantType = (typeof grantTypes)[number];

/** What each grant type needs stands beside its fields. */
export class RequestToken {
  @OneOf(grantTypes) grantType: GrantType;
  /** `authorization_code`: the code; `email_verification`, `mfa_totp`: what was sent or shown to the user. */
  @Text({ min: 1, max: 500 }) @Optional() code?: string;
  /** `authorization_code`: PKCE. */
  @Text({ min: 43, max: 128, pattern: /^[A-Za-z0-9._~-]+$/ }) @Optional() codeVerifier?: string;
  /** `refresh_token`. */
  @Text({ min: 1, max: 2000 }) @Optional() refreshToken?: string;
  /** `password`. */
  @Email() @Optional() email?: string;
  /** `password`. */
  @Text({ min: 1, max: 200 }) @Optional() password?: string;
  /** The three that go on after a refusal: the token that the refusal told. */
  @Text({ min: 1, max: 2000 }) @Optional() pendingAuthenticationToken?: string;
  /** `mfa_totp`: the challenge that the refusal told. */
  @Text({ min: 1, max: 200 }) @Optional() authenticationChallengeId?: string;
  /** `organization_selection`: the chosen one; `refresh_token`: another one to switch to. */
  @Text({ min: 1, max: 64 }) @Optional() organizationId?: string;
}

/** WorkOS' tokens. */
export class Tokens {
  @Text({ max: 8000 }) accessToken: string;
  @Text({ max: 2000 }) refreshToken: string;
  @OneOf(['Bearer']) tokenType: 'Bearer';
  /** Seconds until the access token ends. */
  @Whole() expiresIn: number;
  @Text({ max: 64 }) userId: string;
  /** The organization that the token names. */
  @Text({ max: 64 }) @Nullable() organizationId: string | null;
}

export class AskLoginUrl {
  /** Must be on the allow list `ERATO_REDIRECT_URIS`. */
  @Text({ min: 1, max: 2048 }) redirectUri: string;
  @Text({ max: 1000 }) @Optional() state?: string;
  /** PKCE, method S256. */
  @Text({ min: 43, max: 128, pattern: /^[A-Za-z0-9_-]+$/ }) @Optional() codeChallenge?: string;
  /** `authkit` when left out. */
  @OneOf(['authkit', 'GoogleOAuth', 'AppleOAuth', 'MicrosoftOAuth', 'GitHubOAuth'])
  @Optional()
  provider?: string;
  @OneOf(['sign-in', 'sign-up']) @Optional() screenHint?: 'sign-in' | 'sign-up';
}

export class LoginUrl {
  @Text({ max: 8000 }) url: string;
}

/** Signing in (identity.md, Routes). */
export const auth = calls('identity.auth', {
  token: command({
    http: 'POST /auth/token',
    scope: null,
    guest: true,
    request: RequestToken,
    reply: one(Tokens),
    secret: true,
    fails: [
      invalidGrant,
      grantDisabled,
      emailVerificationRequired,
      mfaRequired,
      organizationSelectionRequired,
      workosUnavailable,
      workosRefused,
    ],
    summary: 'Exchanges a grant for WorkOS’ tokens.',
    description:
      '`authorization_code` with PKCE, `refresh_token`, and where the installation allows it `password`. A refusal that asks for more tells in `next` what the next call needs. At most 10 tries an account in 15 minutes, then 429.',
    example: {
      request: { grantType: 'refresh_token', refreshToken: 'Hs8…' },
      reply: {
        accessToken: 'eyJhbGciOiJSUzI1NiIs…',
        refreshToken: 'Qm2…',
        tokenType: 'Bearer',
        expiresIn: 300,
        userId: 'user_01J8ZB3Q6W2V5N8M4K7H0T9XQE',
        organizationId: null,
      },
    },
  }),
  loginUrl: query({
    scope: null,
    callers: ['gateway'],
    request: AskLoginUrl,
    reply: one(LoginUrl),
    summary: 'The address of the sign-in page; services only.',
  }),
});
