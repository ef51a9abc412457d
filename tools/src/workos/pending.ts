import { randomBytes } from 'node:crypto';
import { failure, type ApiError } from './api-error.js';
import { isPast, later } from './clock.js';
import { digest } from './secret.js';
import type { Standin } from './standin.js';

const LIFETIME = 10 * 60_000;

/** An authorization code, good for one exchange within ten minutes; its id is the hash of the code. */
export interface AuthCode {
  readonly id: string;
  readonly user_id: string;
  readonly organization_id: string | null;
  readonly code_challenge: string | null;
  readonly ip_address: string | null;
  readonly user_agent: string | null;
  readonly expires_at: string;
}

/** A sign-in that wants one more step; its id is the hash of the pending authentication token. */
export interface PendingAuthentication {
  readonly id: string;
  readonly user_id: string;
  readonly email_verification_id: string | null;
  readonly invitation_token: string | null;
  readonly public_client: boolean;
  readonly expires_at: string;
}

export function issueCode({ store }: Standin, grant: Omit<AuthCode, 'id' | 'expires_at'>): string {
  const code = `01${randomBytes(18).toString('base64url')}`;
  store.codes.put({ ...grant, id: digest(code), expires_at: later(LIFETIME) });
  return code;
}

/** Takes a code out of the store, whatever comes of it then. */
export function takeCode({ store }: Standin, code: string): AuthCode | undefined {
  const found = store.codes.get(digest(code));
  if (found === undefined) return undefined;
  store.codes.delete(found.id);
  return isPast(found.expires_at) ? undefined : found;
}

export function suspend({ store }: Standin, state: Omit<PendingAuthentication, 'id' | 'expires_at'>): string {
  const token = randomBytes(24).toString('base64url');
  store.pending.put({ ...state, id: digest(token), expires_at: later(LIFETIME) });
  return token;
}

export function pendingBy({ store }: Standin, token: string): PendingAuthentication | undefined {
  const found = store.pending.get(digest(token));
  return found === undefined || isPast(found.expires_at) ? undefined : found;
}

export function invalidPending(token: string): ApiError {
  return failure(
    400,
    'invalid_pending_authentication_token',
    `The pending_authentication_token '${token}' has expired or is invalid.`,
  );
}
