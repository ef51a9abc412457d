import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { colourOf, contrast, hexOf, readColour, shadeOf, type Colour } from './colour.js';
import { themeOf } from './theme.js';

const given = fc.oneof(
  fc.integer({ min: 0, max: 0xffffff }).map((n) => `#${n.toString(16).padStart(6, '0')}`),
  fc.tuple(fc.nat(360), fc.nat(100), fc.nat(100)).map(([h, s, l]) => `hsl(${h}, ${s}%, ${l}%)`),
  fc.string(),
);

const schemes = (css: string): Record<string, Colour>[] =>
  css
    .split('@media')
    .map((part) =>
      Object.fromEntries(
        [...part.matchAll(/--(\w+):(#[0-9a-f]{6})(?=[;}])/g)].map(([, name = '', hex = '']) => [
          name,
          readColour(hex) ?? { r: 0, g: 0, b: 0 },
        ]),
      ),
    );

describe('a theme', () => {
  it('is readable in light and dark, whatever colours were given', () => {
    fc.assert(
      fc.property(given, given, fc.string(), (primary, secondary, seed) => {
        const { css } = themeOf({ colors: { primary, secondary } }, seed);
        expect(css).toMatch(/^[-a-z0-9:;#(){}@ ]+$/);
        const found = schemes(css);
        expect(found).toHaveLength(2);
        for (const { bg, card, haze, ink, soft, link, fill, on } of found) {
          for (const ground of [bg, card, haze]) {
            for (const text of [ink, soft, link]) {
              expect(contrast(text as Colour, ground as Colour)).toBeGreaterThanOrEqual(4.5);
            }
          }
          expect(contrast(on as Colour, fill as Colour)).toBeGreaterThanOrEqual(4.5);
        }
      }),
    );
  });

  it('takes the first colour that was named, and none that is none', () => {
    const fill = (colors: Record<string, string>): string =>
      /--fill:(#\w+)/.exec(themeOf({ colors }, 'seed').css)?.[1] ?? '';
    expect(fill({ primary: ' #E4572E ' })).toBe('#e4572e');
    expect(fill({ primary: 'none of these', accent: 'rgb(228 87 46)' })).toBe('#e4572e');
    expect(fill({ primary: 'hsl(0, 100%, 50%)' })).toBe('#ff0000');
    for (const none of ['red;}body{display:none', 'url(https://a.example)', '#12', '', 'rgb(300,0,0)']) {
      expect(fill({ primary: none })).toBe(fill({}));
    }
    expect(fill(Object.create({ primary: '#e4572e' }) as Record<string, string>)).toBe(fill({}));
  });
});

describe('a colour', () => {
  it('is the same by its shade', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 0xffffff }), (n) => {
        const hex = `#${n.toString(16).padStart(6, '0')}`;
        const back = readColour(hexOf(colourOf(shadeOf(readColour(hex) ?? { r: 0, g: 0, b: 0 }))));
        const there = readColour(hex);
        for (const part of ['r', 'g', 'b'] as const) {
          expect(Math.abs((back?.[part] ?? 0) - (there?.[part] ?? 0))).toBeLessThan(0.02);
        }
      }),
    );
  });
});
