/** A colour in sRGB, each part from 0 to 1. */
export interface Colour {
  readonly r: number;
  readonly g: number;
  readonly b: number;
}

/** The same by lightness (0 to 1), chroma (0 to some 0.3) and hue (degrees), as the eye has it: Oklch. */
export interface Shade {
  readonly l: number;
  readonly c: number;
  readonly h: number;
}

const words: Readonly<Record<string, string>> = {
  black: '#000',
  silver: '#c0c0c0',
  gray: '#808080',
  grey: '#808080',
  white: '#fff',
  maroon: '#800000',
  red: '#f00',
  purple: '#800080',
  fuchsia: '#f0f',
  green: '#008000',
  lime: '#0f0',
  olive: '#808000',
  yellow: '#ff0',
  navy: '#000080',
  blue: '#00f',
  teal: '#008080',
  aqua: '#0ff',
  orange: '#ffa500',
};

const number = '(\\d{1,3}(?:\\.\\d{1,6})?)';
const between = '(?: *, *| +)';
const triple = new RegExp(
  `^(rgb|hsl)a?\\( *${number}(?:deg)?${between}${number}(%?)${between}${number}(%?)(?: *[,/] *[\\d.]{1,8}%?)? *\\)$`,
);

/**
 * Reads what somebody gave as a colour: `#rgb`, `#rrggbb` (what says how transparent it is goes unheard), `rgb()`, `hsl()`, or one
 * of CSS' first words. Null where it is none. What is written into a style sheet is made of the numbers, never the text given.
 */
export function readColour(given: unknown): Colour | null {
  if (typeof given !== 'string' || given.length > 64) return null;
  const text = given.trim().toLowerCase();
  const hex = /^#([0-9a-f]{3,4}|[0-9a-f]{6}|[0-9a-f]{8})$/.exec(
    Object.hasOwn(words, text) ? (words[text] ?? '') : text,
  );
  if (hex?.[1]) return fromHex(hex[1]);
  const [, kind, ...rest] = triple.exec(text) ?? [];
  const [one, two, , three] = rest.map(Number);
  if (one === undefined || two === undefined || three === undefined) return null;
  if (kind === 'hsl')
    return one <= 360 && two <= 100 && three <= 100 ? fromHsl(one, two / 100, three / 100) : null;
  return Math.max(one, two, three) <= 255 ? { r: one / 255, g: two / 255, b: three / 255 } : null;
}

function fromHex(digits: string): Colour {
  const long = digits.length < 6 ? digits.replaceAll(/./g, '$&$&') : digits;
  const part = (at: number): number => Number.parseInt(long.slice(at, at + 2), 16) / 255;
  return { r: part(0), g: part(2), b: part(4) };
}

function fromHsl(h: number, s: number, l: number): Colour {
  const part = (n: number): number => {
    const k = (n + h / 30) % 12;
    return l - s * Math.min(l, 1 - l) * Math.max(-1, Math.min(k - 3, 9 - k, 1));
  };
  return { r: part(0), g: part(8), b: part(4) };
}

/** `#rrggbb`. */
export const hexOf = ({ r, g, b }: Colour): string =>
  `#${[r, g, b]
    .map((part) =>
      Math.round(part * 255)
        .toString(16)
        .padStart(2, '0'),
    )
    .join('')}`;

const linear = (part: number): number => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4);
const gamma = (part: number): number =>
  part <= 0.0031308 ? part * 12.92 : 1.055 * part ** (1 / 2.4) - 0.055;

const luminance = ({ r, g, b }: Colour): number =>
  0.2126 * linear(r) + 0.7152 * linear(g) + 0.0722 * linear(b);

/** WCAG 2's contrast of two colours: 1 to 21. */
export function contrast(one: Colour, other: Colour): number {
  const [low = 0, high = 0] = [luminance(one), luminance(other)].sort((a, b) => a - b);
  return (high + 0.05) / (low + 0.05);
}

export function shadeOf({ r, g, b }: Colour): Shade {
  const [x, y, z] = [linear(r), linear(g), linear(b)];
  const l = Math.cbrt(0.4122214708 * x + 0.5363325363 * y + 0.0514459929 * z);
  const m = Math.cbrt(0.2119034982 * x + 0.6806995451 * y + 0.1073969566 * z);
  const s = Math.cbrt(0.0883024619 * x + 0.2817188376 * y + 0.6299787005 * z);
  const a = 1.9779984951 * l - 2.428592205 * m + 0.4505937099 * s;
  const c = 0.0259040371 * l + 0.7827717662 * m - 0.808675766 * s;
  return {
    l: 0.2104542553 * l + 0.793617785 * m - 0.0040720468 * s,
    c: Math.hypot(a, c),
    h: ((Math.atan2(c, a) * 180) / Math.PI + 360) % 360,
  };
}

/** The colour of a shade; what a screen cannot show loses chroma until it can. */
export function colourOf({ l, c, h }: Shade): Colour {
  for (let chroma = c; ; chroma = chroma > 0.005 ? chroma * 0.92 : 0) {
    const made = unbounded(l, chroma, (h * Math.PI) / 180);
    const fits = made.every((part) => part >= -0.0005 && part <= 1.0005);
    if (!fits && chroma > 0) continue;
    const [r = 0, g = 0, b = 0] = made.map((part) => gamma(Math.min(1, Math.max(0, part))));
    return { r, g, b };
  }
}

function unbounded(lightness: number, chroma: number, hue: number): number[] {
  const [a, b] = [chroma * Math.cos(hue), chroma * Math.sin(hue)];
  const l = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3;
  const m = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3;
  const s = (lightness - 0.0894841775 * a - 1.291485548 * b) ** 3;
  return [
    4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s,
    -1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s,
    -0.0041960863 * l - 0.7034186147 * m + 1.707614701 * s,
  ];
}

/** The colour, made lighter or darker until it stands out from all of `grounds` by at least `ratio`. */
export function readableOn(colour: Colour, grounds: readonly Colour[], ratio: number): Colour {
  const shade = shadeOf(colour);
  const dark = grounds.every((ground) => luminance(ground) < 0.18);
  const stands = (each: Colour): boolean =>
    grounds.every((ground) => contrast(rounded(each), ground) >= ratio);
  for (let { l } = shade; l >= 0 && l <= 1; l += dark ? 0.01 : -0.01) {
    const tried = colourOf({ ...shade, l });
    if (stands(tried)) return tried;
  }
  return dark ? { r: 1, g: 1, b: 1 } : { r: 0, g: 0, b: 0 };
}

/** As it is written: with eight bits a part. */
const rounded = (colour: Colour): Colour => fromHex(hexOf(colour).slice(1));
