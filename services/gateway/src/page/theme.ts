import { LRUCache } from 'lru-cache';
import type { ThemeConfig } from '@erato/contracts/identity/theme-config';
import {
  colourOf,
  contrast,
  hexOf,
  readableOn,
  readColour,
  shadeOf,
  type Colour,
  type Shade,
} from './colour.js';
import { seeded } from './seeded.js';

/** The colours of one page. */
export interface Theme {
  /** Custom properties for light and dark, of `#rrggbb` alone. */
  readonly css: string;
  /** What pictures are drawn with. */
  readonly main: Shade;
  readonly second: Shade;
}

/** The first of the names under which a theme holds a colour that can be read. */
function named(config: ThemeConfig | null, names: readonly string[]): Colour | null {
  const colors = config?.colors ?? {};
  const given = names.map((name) => (Object.hasOwn(colors, name) ? readColour(colors[name]) : null));
  return given.find((colour) => colour !== null) ?? null;
}

/** Those of the pages that are looked at: finding colours that can be read takes longer than the rest of a page. */
const themes = new LRUCache<string, Theme>({ max: 2_000 });

/**
 * A page's colours from a workspace's `themeConfig`; where it names none, or none that can be read, from a seed that stays the same.
 * Whatever was named, text stands out by 4.5 to 1 and more.
 */
export function themeOf(config: ThemeConfig | null, seed: string): Theme {
  const key = JSON.stringify([config?.colors, seed]);
  const known = themes.get(key);
  if (known) return known;
  const made = makeTheme(config, seed);
  themes.set(key, made);
  return made;
}

function makeTheme(config: ThemeConfig | null, seed: string): Theme {
  const given = named(config, ['primary', 'accent', 'brand']);
  const own: Shade = { l: 0.62, c: 0.17, h: seeded(seed)() * 360 };
  const main = given ? shadeOf(given) : own;
  const other = named(config, ['secondary']);
  const second = other ? shadeOf(other) : { l: 0.7, c: Math.max(main.c * 0.9, 0.04), h: (main.h + 52) % 360 };
  const accent = given ?? colourOf(own);
  const { light, dark } = { light: scheme(accent, main, false), dark: scheme(accent, main, true) };
  return {
    css: `:root{${light}}@media (prefers-color-scheme:dark){:root{${dark}}}`,
    main,
    second,
  };
}

/** Lightness and chroma of the grounds and inks, tinted with the page's hue. */
const grounds = {
  light: {
    ...{ bg: [0.975, 0.01], card: [0.996, 0.003], haze: [0.9, 0.06], line: [0.89, 0.016] },
    ...{ ink: [0.2, 0.03], soft: [0.44, 0.035] },
  },
  dark: {
    ...{ bg: [0.165, 0.024], card: [0.215, 0.028], haze: [0.3, 0.09], line: [0.34, 0.036] },
    ...{ ink: [0.965, 0.01], soft: [0.77, 0.03] },
  },
} as const satisfies Record<string, Record<string, readonly [number, number]>>;

function scheme(accent: Colour, { c, h }: Shade, isDark: boolean): string {
  const tint = Math.min(1, c / 0.1);
  const of = ([l, chroma]: readonly [number, number]): Colour => colourOf({ l, c: chroma * tint, h });
  const { bg, card, haze, line, ink, soft } = isDark ? grounds.dark : grounds.light;
  const behind = [of(bg), of(card), of(haze)];
  const fill = isDark ? readableOn(accent, [of(bg)], 3) : accent;
  const properties: Record<string, Colour> = {
    bg: of(bg),
    card: of(card),
    haze: of(haze),
    line: of(line),
    ink: of(ink),
    soft: readableOn(of(soft), behind, 5),
    link: readableOn(accent, behind, 4.6),
    fill,
    on: standingOut(fill),
  };
  const written = Object.entries(properties).map(([name, colour]) => `--${name}:${hexOf(colour)}`);
  return `color-scheme:${isDark ? 'dark' : 'light'};${written.join(';')}`;
}

const white: Colour = { r: 1, g: 1, b: 1 };
const black: Colour = { r: 0, g: 0, b: 0 };

/** One of the two always stands out by 4.58 to 1. */
const standingOut = (from: Colour): Colour => (contrast(white, from) >= 4.6 ? white : black);
