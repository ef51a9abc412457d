import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { requireUpc, upcCheckDigit } from '../album/upc.js';
import { isrcOf } from './isrc.js';
import { iswcCheckDigit, iswcOf } from './iswc.js';

const digits = (length: number) =>
  fc.array(fc.integer({ min: 0, max: 9 }), { minLength: length, maxLength: length });
const wrong = { kind: 'invalid', errors: [expect.objectContaining({ path: 'x', code: 'malformed' })] };
const refusal = (attempt: () => unknown): unknown => {
  try {
    return attempt();
  } catch (error) {
    return error;
  }
};

/** One digit replaced by another: what a check digit is there for. */
const typo = fc.record({ at: fc.nat(), by: fc.integer({ min: 1, max: 9 }) });
const mistyped = (text: string, { at, by }: { at: number; by: number }): string => {
  const place = at % text.length;
  return text.slice(0, place) + String((Number(text[place]) + by) % 10) + text.slice(place + 1);
};

describe('an ISWC', () => {
  it.each(['T-034.524.680-1', 'T0345246801', 't-034524680-1', 'T-034.524.680.1'])(
    'is read from %s',
    (text) => {
      expect(iswcOf('x', text)).toBe('T0345246801');
    },
  );

  it('is refused with another check digit, and with a digit wrong whose place has no factor of ten', () => {
    fc.assert(
      fc.property(digits(9), fc.constantFrom(1, 3, 7, 9, 10), typo, (nine, place, { by }) => {
        const text = nine.join('');
        const whole = `T${text}${String(iswcCheckDigit(text))}`;
        expect(iswcOf('x', whole)).toBe(whole);
        expect(refusal(() => iswcOf('x', mistyped(whole, { at: place, by })))).toMatchObject(wrong);
      }),
    );
  });
});

describe('a UPC or EAN', () => {
  it.each(['036000291452', '4006381333931', '0036000291452'])('%s is one', (text) => {
    expect(() => requireUpc('x', text)).not.toThrow();
  });

  it('is refused with one digit wrong, wherever it is', () => {
    fc.assert(
      fc.property(fc.oneof(digits(11), digits(12)), typo, (rest, slip) => {
        const text = rest.join('');
        const whole = text + String(upcCheckDigit(text));
        expect(() => requireUpc('x', whole)).not.toThrow();
        expect(refusal(() => requireUpc('x', mistyped(whole, slip)))).toMatchObject(wrong);
      }),
    );
  });

  it('of 12 digits is the EAN with a zero before it', () => {
    fc.assert(
      fc.property(digits(11), (rest) => {
        expect(upcCheckDigit(rest.join(''))).toBe(upcCheckDigit(`0${rest.join('')}`));
      }),
    );
  });
});

describe('an ISRC', () => {
  it('is the same with hyphens and without, in capitals and not', () => {
    for (const text of ['DE-A01-25-00042', 'dea012500042', 'De-a012500042']) {
      expect(isrcOf(text)).toBe('DEA012500042');
    }
  });
});
