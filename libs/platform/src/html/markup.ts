/** Markup (HTML or XML) that needs no more escaping. */
export class Markup {
  constructor(readonly text: string) {}
}

export type Value = string | number | Markup | readonly Value[] | null | undefined;

const escapes: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** What XML cannot hold at all, and HTML only badly: controls, halves of a pair, and what is no character. */
const unwritable = /[\0-\x08\x0b\x0c\x0e-\x1f\x7f\ufffe\uffff]|\p{Surrogate}/gu;

/** Most texts have none of it, which is told faster: halves of a pair are looked for where there is a pair at all. */
const suspect = /[\0-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]/;

/** A text without what cannot be written. */
export const writable = (text: string): string =>
  suspect.test(text) ? text.replaceAll(unwritable, '') : text;

/** A text as content or as the value of a quoted attribute, in HTML and in XML. */
export const escapeText = (text: string): string =>
  writable(text).replaceAll(/[&<>"']/g, (char) => escapes[char] ?? char);

/**
 * A template whose values are escaped unless they are markup themselves; null and undefined are nothing. Values stand as
 * content or within quoted attributes, nowhere else. Line breaks between tags, and their indentation, are left out.
 */
export function markup(parts: TemplateStringsArray, ...values: readonly Value[]): Markup {
  const fixed = tightened(parts);
  return new Markup(fixed.map((part, i) => (i === 0 ? part : written(values[i - 1]) + part)).join(''));
}

function written(value: Value): string {
  if (value === undefined || value === null) return '';
  if (value instanceof Markup) return value.text;
  if (typeof value === 'object') return value.map(written).join('');
  return typeof value === 'string' ? escapeText(value) : String(value);
}

const known = new WeakMap<TemplateStringsArray, readonly string[]>();

/** A template is the same array each time, so this is done once for each. */
function tightened(parts: TemplateStringsArray): readonly string[] {
  const before = known.get(parts);
  if (before) return before;
  const fixed = parts.map((part) =>
    part
      .replaceAll(/>\s*\n\s*(?=<)/g, '>')
      .replaceAll(/^\s*\n\s*|\s*\n\s*$/g, '')
      .replaceAll(/\s*\n\s*/g, ' '),
  );
  known.set(parts, fixed);
  return fixed;
}
