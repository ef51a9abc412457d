import { expect, it } from '@jest/globals';
import type { Refusal } from '../workos/refusal.js';
import { signInRefusals } from './sign-in-refusals.js';

const refusal = (code: string, raw: object = {}): Refusal => ({
  status: 403,
  codes: [code],
  message: code,
  raw: { pending_authentication_token: 'pending', ...raw },
});
const meaningOf = (code: string, raw?: object) =>
  (signInRefusals[code] ?? signInRefusals['*'])?.(refusal(code, raw));

it('tells with each refusal that asks for more what the next call needs', () => {
  const factors = [{ id: 'auth_factor_1', type: 'totp' }];
  for (const code of ['mfa_challenge', 'mfa_verification']) {
    expect(meaningOf(code, { authentication_factors: factors })).toMatchObject({
      kind: 'forbidden',
      code: 'mfa_required',
      extra: {
        next: {
          grantType: 'mfa_totp',
          pendingAuthenticationToken: 'pending',
          authenticationFactorId: 'auth_factor_1',
        },
      },
    });
  }
  expect(meaningOf('mfa_enrollment')?.extra).toMatchObject({ next: { authenticationFactorId: null } });
  expect(meaningOf('email_verification_required', { email: 'a@b.example' })).toMatchObject({
    code: 'email_verification_required',
    extra: { next: { grantType: 'email_verification', email: 'a@b.example' } },
  });
  const organizations = [{ id: 'org_1', name: 'One' }];
  expect(meaningOf('organization_selection_required', { organizations })).toMatchObject({
    code: 'organization_selection_required',
    extra: { next: { grantType: 'organization_selection', organizations } },
  });
});

it('says the same of a wrong password, an unknown user and whatever else does not sign in', () => {
  const facts = ['invalid_credentials', 'entity_not_found', 'invalid_grant', 'user_locked'].map((code) => {
    const { kind, code: told, message, extra } = meaningOf(code) ?? {};
    return { kind, told, message, extra };
  });
  expect(new Set(facts.map((each) => JSON.stringify(each))).size).toBe(1);
  expect(facts[0]).toMatchObject({ kind: 'unauthenticated', told: 'invalid_grant' });
});

it('takes a wrong client for an outage: the one who signs in is not to blame', () => {
  expect(meaningOf('invalid_client')).toMatchObject({ kind: 'upstream', code: 'workos_unavailable' });
});
