import { LRUCache } from 'lru-cache';
import { markup, Markup } from '@erato/platform/html/markup';
import { colourOf, hexOf, type Shade } from './colour.js';
import { seeded } from './seeded.js';
import type { Theme } from './theme.js';

type Chance = () => number;

interface Palette {
  readonly deep: string;
  readonly ground: string;
  readonly glow: string;
  readonly line: string;
}

const whole = (value: number): number => Math.round(value);
const hex = (shade: Shade): string => hexOf(colourOf(shade));

/** The theme's colours, a little turned for each picture, so that two of one artist are kin and not twins. */
function paletteOf({ main, second }: Theme, chance: Chance): Palette {
  const turn = (chance() - 0.5) * 56;
  const of = (l: number, c: number, h: number): string => hex({ l, c, h: (h + turn + 360) % 360 });
  const vivid = (c: number, most: number): number => Math.min(most, c);
  return {
    deep: of(0.24, vivid(main.c, 0.09), main.h),
    ground: of(0.46, vivid(main.c, 0.16), main.h),
    glow: of(0.76, vivid(second.c, 0.16), second.h),
    line: of(0.9, vivid(second.c, 0.08), second.h),
  };
}

/** Hills before a sun. */
function hills(chance: Chance, { deep, ground, glow, line }: Palette): Markup {
  const rows = [ground, glow, deep].map((fill, at) => {
    const y = 52 + at * 16 + whole(chance() * 8);
    const [a, b] = [whole(10 + chance() * 26), whole(10 + chance() * 26)];
    return markup`<path fill="${fill}" d="M0 ${y}C25 ${y - a} 35 ${y + b} 60 ${y - 4}S90 ${y - b} 100 ${y}V100H0Z" opacity=".${9 - at * 2}"/>`;
  });
  return markup`<circle cx="${whole(24 + chance() * 52)}" cy="${whole(26 + chance() * 18)}" r="${whole(13 + chance() * 9)}" fill="${line}"/>${rows}`;
}

/** A record, half in the picture. */
function rings(chance: Chance, { deep, glow, line }: Palette): Markup {
  const [x, y] = [whole(chance() * 100), whole(66 + chance() * 34)];
  const radii = [62, 50, 38, 27];
  const drawn = radii.map(
    (r, at) =>
      markup`<circle cx="${x}" cy="${y}" r="${r}" fill="${at % 2 === 0 ? glow : deep}" opacity=".${9 - at}"/>`,
  );
  return markup`${drawn}<circle cx="${x}" cy="${y}" r="9" fill="${line}"/>`;
}

/** Strings that swing, as of a lyre. */
function strings(chance: Chance, { glow, line }: Palette): Markup {
  const paths = Array.from({ length: 9 }, (_, at) => {
    const x = 14 + at * 9;
    const swing = whole((chance() - 0.5) * 46);
    return `M${x} 0C${x + swing} 34 ${x - swing} 66 ${x} 100`;
  });
  return markup`<circle cx="50" cy="${whole(34 + chance() * 32)}" r="27" fill="${glow}"/><path d="${paths.join('')}" fill="none" stroke="${line}" stroke-width="1.6"/>`;
}

/** How loud it was, moment by moment. */
function bars(chance: Chance, { glow, line }: Palette): Markup {
  const heights = Array.from({ length: 15 }, (_, at) => {
    const high = whole((0.2 + 0.8 * Math.sin(((at + 1) / 16) * Math.PI)) * (10 + chance() * 28));
    return `M${8 + at * 6} ${50 - high}V${50 + high}`;
  });
  return markup`<circle cx="${whole(chance() * 100)}" cy="${whole(chance() * 30)}" r="34" fill="${glow}" opacity=".8"/><path d="${heights.join('')}" stroke="${line}" stroke-width="3" stroke-linecap="round"/>`;
}

const motifs = [hills, rings, strings, bars];

const sky = (id: string, { deep, ground }: Palette): Markup =>
  markup`<linearGradient id="${id}" x2=".6" y2="1"><stop stop-color="${ground}"/><stop offset="1" stop-color="${deep}"/></linearGradient>`;

/** Those of the pages that are looked at, some 2 KB each with its key. */
const covers = new LRUCache<string, Markup>({ max: 5_000 });

/**
 * The cover of something, drawn from its id: pictures come from the page itself alone, and what an artist named is a foreign
 * address (docs/guides/pages.md).
 */
export function coverOf(id: string, theme: Theme): Markup {
  const key = JSON.stringify([id, theme.main, theme.second]);
  const known = covers.get(key);
  if (known) return known;
  const made = makeCover(id, theme);
  covers.set(key, made);
  return made;
}

function makeCover(id: string, theme: Theme): Markup {
  const chance = seeded(id);
  const palette = paletteOf(theme, chance);
  const motif = motifs[Math.floor(chance() * motifs.length)] ?? hills;
  const name = `c${whole(chance() * 1e9).toString(36)}`;
  return markup`<svg class="art" viewBox="0 0 100 100" aria-hidden="true">${sky(name, palette)}<path fill="url(#${name})" d="M0 0h100v100H0z"/>${motif(chance, palette)}</svg>`;
}

/** The banner over a workspace's page: strings from edge to edge. */
export function bannerOf(id: string, theme: Theme): Markup {
  const chance = seeded(`${id} banner`);
  const palette = paletteOf(theme, () => 0.5);
  const paths = Array.from({ length: 11 }, (_, at) => {
    const y = 8 + at * 10;
    const [a, b] = [whole((chance() - 0.5) * 90), whole((chance() - 0.5) * 90)];
    return `M0 ${y}C110 ${y + a} 150 ${y - a} 240 ${y}S360 ${y + b} 480 ${y}`;
  });
  const [x, y] = [whole(250 + chance() * 150), whole(20 + chance() * 40)];
  return markup`<svg class="banner" viewBox="0 0 480 120" preserveAspectRatio="xMidYMid slice" aria-hidden="true">${sky('banner', palette)}<path fill="url(#banner)" d="M0 0h480v120H0z"/><circle cx="${x}" cy="${y}" r="52" fill="${palette.glow}"/><circle cx="${x - 40}" cy="${y + 34}" r="30" fill="${palette.ground}" opacity=".8"/><path d="${paths.join('')}" fill="none" stroke="${palette.line}" stroke-width="1.2" opacity=".7"/></svg>`;
}

/** A workspace's initials on its colours. */
export function monogramOf(name: string, id: string, theme: Theme): Markup {
  const palette = paletteOf(theme, () => 0.5);
  const letters = name
    .split(/[\s\-_.]+/u)
    .map((word) => /[\p{L}\p{N}]/u.exec(word)?.[0] ?? '')
    .filter(Boolean);
  const initials = [letters[0], letters.length > 1 ? letters.at(-1) : ''].join('').toUpperCase();
  return markup`<svg class="face" viewBox="0 0 100 100" aria-hidden="true">${sky('face', palette)}<path fill="url(#face)" d="M0 0h100v100H0z"/><circle cx="${whole(20 + seeded(id)() * 60)}" cy="88" r="44" fill="${palette.glow}" opacity=".35"/><text x="50" y="${initials.length > 1 ? 65 : 69}" text-anchor="middle" font-size="${initials.length > 1 ? 42 : 54}" font-weight="700" fill="#fff">${initials}</text></svg>`;
}
