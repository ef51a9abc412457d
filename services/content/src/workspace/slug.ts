import { randomInt } from 'node:crypto';

/** Slugs that addresses of the system need for themselves (content.md, Rules). */
export const reservedSlugs: ReadonlySet<string> = new Set(
  (
    'auth api about help legal admin me settings dashboard discover explore collections user feed ' +
    'notifications search c r l v1 docs health metrics webhooks'
  ).split(' '),
);

const longest = 50;
const shortest = 2;

/**
 * Makes a slug of a name: letters without their marks, everything else a hyphen, 2 to 50 characters. A name of which
 * nothing is left, or that is reserved, gives one that begins with `workspace`.
 */
export function slugOf(name: string): string {
  const plain = name
    .normalize('NFKD')
    .replaceAll(/\p{M}/gu, '')
    .toLowerCase()
    .replaceAll('ß', 'ss')
    .replaceAll('ø', 'o')
    .replaceAll('æ', 'ae')
    .replaceAll('œ', 'oe')
    .replaceAll('ł', 'l')
    .replaceAll('đ', 'd');
  const slug = trim(plain.replaceAll(/[^a-z0-9]+/g, '-').slice(0, longest));
  if (slug.length >= shortest && !reservedSlugs.has(slug)) return slug;
  return trim(`workspace-${slug}`.slice(0, longest));
}

const trim = (slug: string): string => slug.replace(/^-+/, '').replace(/-+$/, '');

/** Another slug for the same name, for when the first is taken: with four random characters behind it. */
export function anotherSlug(slug: string): string {
  const suffix = randomInt(36 ** 4)
    .toString(36)
    .padStart(4, '0');
  return `${trim(slug.slice(0, longest - 5))}-${suffix}`;
}
