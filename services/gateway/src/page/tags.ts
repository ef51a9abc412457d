export interface Tag {
  readonly name: string;
  readonly closing: boolean;
  /** Their values, unescaped. */
  readonly attributes: ReadonlyMap<string, string>;
}

const token = /<(\/?)([a-z][a-z0-9]{0,20})((?:\s+[a-z][a-z-]*(?:="[^"<>]*")?)*)\s*\/?>|[^<]+|</g;
const attribute = /([a-z][a-z-]*)(?:="([^"]*)")?/g;

/**
 * Reads HTML as content's sanitizer writes it: tags, and between them text, still escaped. What is no tag of that form is text.
 */
export function* readTags(html: string): Generator<Tag | string> {
  for (const [all, closing, name, attributes = ''] of html.matchAll(token)) {
    if (name === undefined) yield all;
    else yield { name, closing: closing === '/', attributes: attributesOf(attributes) };
  }
}

function attributesOf(text: string): Map<string, string> {
  const found = [...text.matchAll(attribute)];
  return new Map(found.map(([, name = '', value = '']) => [name, unescaped(value)]));
}

const meanings: Readonly<Record<string, string>> = {
  quot: '"',
  apos: "'",
  '#39': "'",
  '#34': '"',
  lt: '<',
  gt: '>',
  amp: '&',
};

const unescaped = (value: string): string =>
  value.replaceAll(/&(quot|apos|#39|#34|lt|gt|amp);/g, (all, name: string) => meanings[name] ?? all);
