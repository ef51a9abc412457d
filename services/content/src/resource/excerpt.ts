/** How long an excerpt is at most, in code points (content.md, Rules). */
export const longestExcerpt = 320;

/**
 * Cuts a text at the end of a word, at most {@link longestExcerpt} code points; a first word that is longer is cut within.
 * White space becomes single spaces. Null where nothing is left.
 */
export function excerptOf(text: string): string | null {
  const plain = text.replaceAll(/\s+/gu, ' ').trim();
  if (plain === '') return null;
  // NOTE: no code point is longer than two units, so this holds enough of them
  const points = Array.from(plain.slice(0, 2 * (longestExcerpt + 1)));
  if (points.length <= longestExcerpt) return plain;
  const head = points.slice(0, longestExcerpt);
  if (points[longestExcerpt] === ' ') return head.join('');
  const lastSpace = head.lastIndexOf(' ');
  return lastSpace > 0 ? head.slice(0, lastSpace).join('') : head.join('');
}
