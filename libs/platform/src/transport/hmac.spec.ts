import { createHmac, randomBytes } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { Hmac } from './hmac.js';

describe('Hmac', () => {
  it('is what createHmac gives, for any key of a block and any text', () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ maxLength: 64 }),
        fc.array(fc.string({ unit: 'grapheme', maxLength: 300 })),
        (key, texts) => {
          const code = new Hmac(Buffer.from(key));
          for (const text of texts) {
            expect(code.of(text)).toBe(createHmac('sha256', key).update(text).digest('base64url'));
          }
        },
      ),
    );
  });

  it('takes no key that would have to be digested first', () => {
    expect(() => new Hmac(randomBytes(65))).toThrow(RangeError);
  });
});
