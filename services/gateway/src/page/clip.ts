import { escapeText } from '@erato/platform/html/markup';

const sizeOf = (text: string): number => Buffer.byteLength(text);

/**
 * A text that takes at most so many bytes in a page, escaped: cut at the end of a word where there is one near, with an ellipsis.
 * What fits stays as it is.
 */
export function clip(text: string, bytes: number): string {
  if (sizeOf(escapeText(text)) <= bytes) return text;
  let size = sizeOf('…');
  let end = 0;
  for (const char of text) {
    size += sizeOf(escapeText(char));
    if (size > bytes) break;
    end += char.length;
  }
  const head = text.slice(0, end);
  const word = /^[^]*\S(?=\s)/u.exec(text.slice(0, end + 1))?.[0] ?? '';
  return `${(word.length > end * 0.6 ? word : head).trimEnd()}…`;
}

/** A text as one line. */
export const oneLine = (text: string): string => text.replaceAll(/\s+/gu, ' ').trim();
