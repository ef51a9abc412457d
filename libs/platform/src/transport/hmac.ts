import { hash } from 'node:crypto';

const block = 64;
const digest = 32;

/**
 * HMAC-SHA-256 with one key (RFC 2104), made of two digests at one go: `createHmac` makes an object with a native half for
 * each text, which costs twice the digests and the collector's time besides.
 */
export class Hmac {
  readonly #inner: Buffer;
  readonly #outer: Buffer;

  /** @param key at most 64 bytes; a longer one would have to be digested first. */
  constructor(key: Buffer) {
    if (key.length > block) throw new RangeError('the key is longer than a block');
    const padded = (pad: number): Buffer =>
      Buffer.alloc(block).map((_, at) => (key[at] ?? 0) ^ pad) as Buffer;
    this.#inner = padded(0x36);
    this.#outer = Buffer.concat([padded(0x5c), Buffer.alloc(digest)]);
  }

  /** The code of a text, in base64url. */
  of(text: string): string {
    const within = hash('sha256', Buffer.concat([this.#inner, Buffer.from(text)]), 'buffer');
    within.copy(this.#outer, block);
    return hash('sha256', this.#outer, 'base64url');
  }
}
