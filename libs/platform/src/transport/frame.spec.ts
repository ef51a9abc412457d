import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { mostParts, outgoing, pack, unpack } from './frame.js';

const field = fc.string({ unit: 'grapheme' }).filter((text) => !/[\t\n]/.test(text));
const body = fc.string({ unit: 'grapheme' });
const parts = fc.array(fc.record({ fields: fc.array(field, { minLength: 1 }), body }), {
  minLength: 1,
  maxLength: mostParts,
});

describe('a message of several calls', () => {
  it('gives back what was put into it', () => {
    fc.assert(
      fc.property(parts, (given) => {
        const message = pack(given.map((each) => outgoing(each.fields, each.body)));
        const found = unpack(message)?.map((each) => ({
          fields: [...each.fields],
          body: Buffer.from(each.body).toString(),
        }));
        expect(found).toEqual(given);
      }),
    );
  });

  it('refuses a field that would end itself', () => {
    for (const wrong of ['a\tb', 'a\n', '\n']) expect(() => outgoing(['0', wrong], '')).toThrow(TypeError);
  });

  it('is null, or something of its own bytes, for any other bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 100 }), (bytes) => {
        const total = (unpack(bytes) ?? []).reduce((sum, { body: each }) => sum + each.length, 0);
        expect(total).toBeLessThanOrEqual(bytes.length);
      }),
    );
  });

  it('is null where it was cut off, or where more follows', () => {
    const message = pack([outgoing(['0', 'a'], 'body'), outgoing(['1'], 'other')]);
    for (let length = 0; length < message.length; length++)
      expect(unpack(message.subarray(0, length))).toBeNull();
    expect(unpack(Buffer.concat([message, Buffer.from('x')]))).toBeNull();
  });

  it('holds no more parts than that', () => {
    const many = Array.from({ length: mostParts + 1 }, (_, at) => outgoing([at], ''));
    expect(unpack(pack(many))).toBeNull();
    expect(unpack(pack(many.slice(1)))).toHaveLength(mostParts);
  });
});
