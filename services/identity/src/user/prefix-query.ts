/** A text search for words that begin as those given, all of them; finds nothing where there is no word. */
export function prefixQuery(q: string): string {
  const words = q.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [];
  return words
    .slice(0, 10)
    .map((word) => `'${word}':*`)
    .join(' & ');
}
