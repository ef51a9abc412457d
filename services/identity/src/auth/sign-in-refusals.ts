import {
  emailVerificationRequired,
  invalidGrant,
  mfaRequired,
  organizationSelectionRequired,
  type GrantType,
} from '@erato/contracts/identity/auth';
import { workosUnavailable } from '@erato/contracts/identity/workos';
import type { Refusal, Refusals } from '../workos/refusal.js';

const next = (grantType: GrantType, { raw }: Refusal, more: object = {}) => ({
  extra: {
    next: { grantType, pendingAuthenticationToken: raw['pending_authentication_token'] ?? null, ...more },
  },
});

/** The factor with which a second step can be made, where WorkOS names one. */
function factorOf({ raw }: Refusal): string | null {
  const factors: unknown = raw['authentication_factors'];
  const [first] = Array.isArray(factors) ? (factors as unknown[]) : [];
  const id: unknown = typeof first === 'object' && first !== null ? Reflect.get(first, 'id') : null;
  return typeof id === 'string' ? id : null;
}

const secondFactor = (refusal: Refusal) =>
  mfaRequired(next('mfa_totp', refusal, { authenticationFactorId: factorOf(refusal) }));

/**
 * What WorkOS' codes mean at a sign-in: what more it takes, with what the next call needs, or that it does not sign in,
 * the same whether the password was wrong or there is no such user.
 */
export const signInRefusals: Refusals = {
  email_verification_required: (refusal) =>
    emailVerificationRequired(
      next('email_verification', refusal, {
        email: refusal.raw['email'] ?? null,
        emailVerificationId: refusal.raw['email_verification_id'] ?? null,
      }),
    ),
  organization_selection_required: (refusal) =>
    organizationSelectionRequired(
      next('organization_selection', refusal, { organizations: refusal.raw['organizations'] ?? [] }),
    ),
  mfa_challenge: secondFactor,
  mfa_enrollment: secondFactor,
  mfa_verification: secondFactor,
  invalid_client: (refusal) => workosUnavailable({ cause: new Error(refusal.message) }),
  '*': (refusal) => invalidGrant({ cause: new Error(refusal.codes.join(' ') || 'refused') }),
};
