import { randomBytes, scryptSync, timingSafeEqual } from 'node:crypto';
import { failure } from './api-error.js';

const COST = { N: 4096, r: 8, p: 1 };
const SHORTEST = 10;

/** Hashes a new password; 400 `password_strength_error` when it is shorter than WorkOS' default of ten characters. */
export function hashPassword(password: string): string {
  if (password.length < SHORTEST) {
    throw failure(400, 'password_strength_error', 'Password does not meet strength requirements.', {
      errors: [
        { code: 'password_too_short', message: `Password must be at least ${SHORTEST} characters long.` },
      ],
    });
  }
  const salt = randomBytes(16);
  return `${salt.toString('base64')}:${scryptSync(password, salt, 32, COST).toString('base64')}`;
}

export function passwordMatches(password: string, hash: string | null): boolean {
  const [salt, key] = (hash ?? '').split(':');
  if (salt === undefined || key === undefined) return false;
  return timingSafeEqual(
    scryptSync(password, Buffer.from(salt, 'base64'), 32, COST),
    Buffer.from(key, 'base64'),
  );
}
