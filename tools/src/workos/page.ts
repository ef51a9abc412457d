import { invalidParameter } from './api-error.js';
import { integer, oneOf, optional, text, type Shaped } from './shape.js';
import type { Row } from './table.js';

/** The query parameters of every list. */
export const paging = {
  limit: optional(integer(1, 100)),
  order: optional(oneOf('asc', 'desc', 'normal')),
  before: optional(text(100)),
  after: optional(text(100)),
};

export interface Page<T> {
  readonly object: 'list';
  readonly data: readonly T[];
  readonly list_metadata: { readonly before: string | null; readonly after: string | null };
}

/**
 * One page of rows that are given oldest first. A cursor is an id, need not exist any more, and is told apart by
 * its prefix. `normal` is descending with `before` and `after` exchanged, as WorkOS defines it.
 */
export function page<T extends Row, U>(
  rows: readonly T[],
  query: Shaped<typeof paging>,
  prefix: string,
  show: (row: T) => U,
): Page<U> {
  const descending = query.order !== 'asc';
  const swapped = query.order === 'normal';
  const after = cursor(swapped ? 'before' : 'after', swapped ? query.before : query.after, prefix);
  const before = cursor(swapped ? 'after' : 'before', swapped ? query.after : query.before, prefix);
  if (after !== undefined && before !== undefined) {
    throw invalidParameter('before', 'before_and_after', 'Only one of before and after may be given.');
  }
  const view = descending ? [...rows].reverse() : rows;
  const follows = (row: T, id: string): boolean => (descending ? row.id < id : row.id > id);
  const limit = query.limit ?? 10;
  let start = 0;
  let end = view.length;
  if (after !== undefined) {
    start = view.findIndex((row) => follows(row, after));
    if (start < 0) start = view.length;
  }
  if (before !== undefined) {
    end = view.findIndex((row) => row.id === before || follows(row, before));
    if (end < 0) end = view.length;
    start = Math.max(0, end - limit);
  }
  const rowsOfPage = view.slice(start, Math.min(end, start + limit));
  const first = start > 0 ? (rowsOfPage[0]?.id ?? null) : null;
  const last = start + rowsOfPage.length < view.length ? (rowsOfPage.at(-1)?.id ?? null) : null;
  const metadata = swapped ? { before: last, after: first } : { before: first, after: last };
  return { object: 'list', data: rowsOfPage.map(show), list_metadata: metadata };
}

function cursor(field: string, id: string | undefined, prefix: string): string | undefined {
  if (id !== undefined && !id.startsWith(`${prefix}_`)) {
    throw invalidParameter(field, `${field}_invalid`, `${field} must be an id that begins with ${prefix}_.`);
  }
  return id;
}
