import { randomBytes } from 'node:crypto';

const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
const RANDOM_BITS = 80n;
const RANDOM_MAX = (1n << RANDOM_BITS) - 1n;

/**
 * Makes WorkOS ids (`user_01H…`): a prefix and a ULID. Each id sorts after every id made or observed before it,
 * also when the clock goes back, so that ids serve as cursors of lists and of the Events API.
 */
export class Ids {
  private time = 0;
  private random = 0n;

  /** The next id, as `<prefix>_<ULID>`. */
  next(prefix: string): string {
    const now = Date.now();
    if (now > this.time) {
      this.time = now;
      // The top bit stays free so that ids of the same millisecond can be counted up from here.
      this.random = BigInt(`0x${randomBytes(10).toString('hex')}`) >> 1n;
    } else if (this.random === RANDOM_MAX) {
      this.time += 1;
      this.random = 0n;
    } else {
      this.random += 1n;
    }
    return `${prefix}_${encode((BigInt(this.time) << RANDOM_BITS) | this.random)}`;
  }

  /** Takes note of an id from an earlier run. */
  observe(id: string): void {
    const ulid = id.slice(id.lastIndexOf('_') + 1);
    if (ulid.length !== 26) return;
    const value = decode(ulid);
    if (value === undefined) return;
    const time = Number(value >> RANDOM_BITS);
    const random = value & RANDOM_MAX;
    if (time > this.time || (time === this.time && random > this.random)) {
      this.time = time;
      this.random = random;
    }
  }
}

function encode(value: bigint): string {
  let text = '';
  for (let left = value, i = 0; i < 26; i++, left >>= 5n) text = ALPHABET.charAt(Number(left & 31n)) + text;
  return text;
}

function decode(text: string): bigint | undefined {
  let value = 0n;
  for (const char of text) {
    const digit = ALPHABET.indexOf(char);
    if (digit < 0) return undefined;
    value = (value << 5n) | BigInt(digit);
  }
  return value;
}
