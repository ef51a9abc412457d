/** Markup that needs no more escaping. */
export class Markup {
  constructor(readonly text: string) {}
}

const ESCAPES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** A template whose values are escaped unless they are markup themselves; undefined is nothing. */
export function html(
  parts: TemplateStringsArray,
  ...values: readonly (string | Markup | readonly Markup[] | undefined)[]
): Markup {
  return new Markup(parts.map((part, i) => (i === 0 ? part : render(values[i - 1]) + part)).join(''));
}

function render(value: string | Markup | readonly Markup[] | undefined): string {
  if (value === undefined) return '';
  if (value instanceof Markup) return value.text;
  if (typeof value === 'string') return value.replace(/[&<>"']/g, (char) => ESCAPES[char] ?? char);
  return value.map((each) => each.text).join('');
}
