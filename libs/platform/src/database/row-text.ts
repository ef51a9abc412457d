/** A row as Postgres wrote it: its values in the order of the columns, as texts. */
export type TextRow = readonly (string | null)[];

const written = /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(?:\.\d{1,3})?\+00$/;

/** A `timestamptz(3)` in RFC 3339, UTC, with milliseconds: `2026-11-21 10:00:00.5+00` becomes `2026-11-21T10:00:00.500Z`. */
export function timeOf(text: string): string {
  if (!written.test(text)) return new Date(text).toISOString();
  const fraction = text.slice(20, -3).padEnd(3, '0');
  return `${text.slice(0, 10)}T${text.slice(11, 19)}.${fraction}Z`;
}

/** A list of items that Postgres never quotes: `uuid[]`. */
export const idsOf = (text: string): readonly string[] => (text === '{}' ? [] : text.slice(1, -1).split(','));
