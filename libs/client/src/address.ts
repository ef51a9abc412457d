type PathValue = string | number;
type QueryValue = string | number | boolean | readonly (string | number)[] | null | undefined;

/** What of an input makes the address. */
export interface AddressParts {
  readonly path?: Readonly<Record<string, PathValue>> | undefined;
  readonly query?: Readonly<Record<string, QueryValue>> | undefined;
}

/** The path and query string of a call: parameters in their places, lists with commas, what is undefined left out. */
export function addressOf(template: string, { path = {}, query = {} }: AddressParts): string {
  const filled = template.replaceAll(/\{(\w+)\}/g, (_, name: string) => segmentOf(name, path[name]));
  const given = Object.entries(query).flatMap(([name, value]): [string, string][] => {
    const text = textOf(value);
    return text === undefined ? [] : [[name, text]];
  });
  const search = new URLSearchParams(given).toString();
  return search === '' ? filled : `${filled}?${search}`;
}

/** One part of a path. A value that would lead to another path is refused: `..` is not encoded by anybody. */
function segmentOf(name: string, value: PathValue | undefined): string {
  const text = value === undefined ? '' : String(value);
  if (text === '' || text === '.' || text === '..') {
    throw new TypeError(`the path needs ${name}, and "${text}" is none`);
  }
  return encodeURIComponent(text);
}

function textOf(value: QueryValue): string | undefined {
  if (value === undefined || value === null) return undefined;
  return Array.isArray(value) ? value.join(',') : String(value);
}
