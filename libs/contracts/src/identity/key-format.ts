import { createHash, randomBytes } from 'node:crypto';
import { crc32 } from 'node:zlib';

const alphabet = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
const label = 'erato_';
/** 32 characters of 62: 190 bits. */
const secretLength = 32;
const checksumLength = 6;
const shape = /^erato_[0-9A-Za-z]{32,128}[0-9A-Za-z]{6}$/;

/**
 * Makes an API key: `erato_`, 190 random bits in base62, and the CRC32 of those in six more characters, so that a typo
 * is refused without a look-up and secret scanners can tell a key (identity.md, Routes).
 */
export function makeKey(): string {
  let secret = '';
  while (secret.length < secretLength) {
    for (const byte of randomBytes(secretLength)) {
      // NOTE: 248 is the largest multiple of 62 in a byte; what lies above would favour the first characters.
      if (byte < 248 && secret.length < secretLength) secret += alphabet.charAt(byte % 62);
    }
  }
  return label + secret + checksum(secret);
}

/** Whether a text has the form of a key and its checksum is right; says nothing about whether there is such a key. */
export function isWellFormed(key: string): boolean {
  return shape.test(key) && key.slice(-checksumLength) === checksum(key.slice(label.length, -checksumLength));
}

/** The first twelve characters, by which people recognise a key. */
export const keyPrefix = (key: string): string => key.slice(0, 12);

/** What is kept of a key, and what travels in its place: its SHA-256 in hexadecimal. */
export const keyHash = (key: string): string => createHash('sha256').update(key).digest('hex');

function checksum(secret: string): string {
  let rest = crc32(secret);
  let text = '';
  for (let at = 0; at < checksumLength; at++) {
    text = alphabet.charAt(rest % 62) + text;
    rest = Math.floor(rest / 62);
  }
  return text;
}
