import { describe, expect, it } from '@jest/globals';
import type { RequestToken } from '@erato/contracts/identity/auth';
import { Failure } from '@erato/contracts/kit/failure';
import { checkGrant } from './grant.js';

const wrongIn = (input: RequestToken): string[] => {
  try {
    checkGrant(input);
    return [];
  } catch (error) {
    if (error instanceof Failure) return (error.errors ?? []).map(({ path, code }) => `${path} ${code}`);
    throw error;
  }
};

describe('a grant', () => {
  it('has the fields of its type', () => {
    expect(wrongIn({ grantType: 'password', email: 'a@b.example', password: 'x' })).toEqual([]);
    expect(wrongIn({ grantType: 'refresh_token', refreshToken: 'x', organizationId: 'org_x' })).toEqual([]);
    expect(wrongIn({ grantType: 'authorization_code', code: 'x' })).toEqual(['codeVerifier required']);
  });

  it('has no other ones', () => {
    const mixed: RequestToken = { grantType: 'password', email: 'a@b.example', password: 'x', code: 'y' };
    expect(wrongIn(mixed)).toEqual(['code not_allowed']);
    expect(wrongIn({ grantType: 'mfa_totp' })).toHaveLength(3);
  });
});
