import { invalid, type FieldError } from '@erato/contracts/kit/failure';
import type { GrantType, RequestToken } from '@erato/contracts/identity/auth';

type Field = Exclude<keyof RequestToken, 'grantType'>;

interface Needs {
  readonly required: readonly Field[];
  readonly optional?: readonly Field[];
}

const needs: Readonly<Record<GrantType, Needs>> = {
  authorization_code: { required: ['code', 'codeVerifier'] },
  refresh_token: { required: ['refreshToken'], optional: ['organizationId'] },
  password: { required: ['email', 'password'] },
  email_verification: { required: ['pendingAuthenticationToken', 'code'] },
  mfa_totp: { required: ['pendingAuthenticationToken', 'authenticationChallengeId', 'code'] },
  organization_selection: { required: ['pendingAuthenticationToken', 'organizationId'] },
};

/** Refuses a request that lacks a field of its grant type or has one of another. */
export function checkGrant(input: RequestToken): void {
  const { required, optional = [] } = needs[input.grantType];
  const given = (Object.keys(input) as (keyof RequestToken)[]).filter(
    (field): field is Field => field !== 'grantType' && input[field] !== undefined,
  );
  const missing = required.filter((field) => !given.includes(field));
  const foreign = given.filter((field) => ![...required, ...optional].includes(field));
  const errors: FieldError[] = [
    ...missing.map((path) => ({ path, code: 'required', message: `is needed for ${input.grantType}` })),
    ...foreign.map((path) => ({ path, code: 'not_allowed', message: `is no field of ${input.grantType}` })),
  ];
  if (errors.length > 0) throw invalid({ errors });
}
