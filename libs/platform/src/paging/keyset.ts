import { hash } from 'node:crypto';
import type { Page } from '@erato/contracts/kit/call';
import { cursorInvalid } from '@erato/contracts/kit/failure';

/** How a list is sorted: by a column or expression of code (never of input), then by id; nulls last in both directions. */
export interface Sort {
  readonly column: string;
  readonly descending: boolean;
  /** The SQL type of the column; a cursor's value is held to it before it reaches a statement. */
  readonly type: 'timestamptz' | 'text' | 'bigint';
  /** The SQL type of the id; `uuid` unless said otherwise. */
  readonly idType?: 'uuid' | 'text';
  /** Whether the column can be null. */
  readonly nullable?: boolean;
}

/** What a request for a page says. */
export interface PageRequest {
  readonly limit?: number;
  readonly after?: string;
  readonly before?: string;
}

type CursorValue = string | number | null;

/** Where a row stands in its list. */
interface Position {
  readonly value: CursorValue;
  readonly id: string;
}

/**
 * One keyset page. The statement that it builds looks like
 * `SELECT … WHERE <filters> AND <where> ORDER BY <order> LIMIT <n>`: positions are parameters, the text depends on sort
 * and direction alone. A cursor holds the sort value and id of a row and a digest of the list for which it was made.
 */
export class Keyset {
  readonly limit: number;
  /** The condition that the position adds; empty on the first page. Begins with ` AND `. */
  readonly where: string;
  /** The values of the position's parameters, in the order in which `where` names them. */
  readonly values: readonly CursorValue[];
  readonly order: string;
  readonly #backward: boolean;
  readonly #started: boolean;

  /**
   * @param list what the list is: route, sort and filters (best as one object by name); a cursor of another list is refused with
   *   `cursor_invalid`.
   * @param firstParameter the number of the first free parameter (`$n`) of the statement.
   */
  constructor(
    request: PageRequest,
    private readonly list: readonly unknown[],
    sort: Sort,
    firstParameter: number,
    idColumn = 'id',
  ) {
    if (request.after !== undefined && request.before !== undefined) {
      throw cursorInvalid({ detail: 'Give after or before, not both.' });
    }
    this.limit = request.limit ?? 20;
    this.#backward = request.before !== undefined;
    const cursor = request.after ?? request.before;
    this.#started = cursor !== undefined;
    const descending = sort.descending !== this.#backward;
    const direction = descending ? 'DESC' : 'ASC';
    const nulls = sort.nullable ? ` NULLS ${this.#backward ? 'FIRST' : 'LAST'}` : '';
    this.order = `${sort.column} ${direction}${nulls}, ${idColumn} ${direction}`;
    if (cursor === undefined) {
      this.where = '';
      this.values = [];
      return;
    }
    const at = this.#read(cursor, sort);
    const idType = sort.idType ?? 'uuid';
    const past = descending ? '<' : '>';
    const value = `$${firstParameter}::${sort.type}`;
    const id = `$${firstParameter + 1}::${idType}`;
    const later = `(${sort.column}, ${idColumn}) ${past} (${value}, ${id})`;
    this.values = [at.value, at.id];
    if (!sort.nullable) {
      if (at.value === null) throw cursorInvalid();
      this.where = ` AND ${later}`;
    } else if (at.value === null) {
      const among = `${sort.column} IS NULL AND ${value} IS NULL AND ${idColumn} ${past} ${id}`;
      this.where = this.#backward ? ` AND ((${among}) OR ${sort.column} IS NOT NULL)` : ` AND ${among}`;
    } else {
      this.where = this.#backward ? ` AND ${later}` : ` AND (${later} OR ${sort.column} IS NULL)`;
    }
  }

  /** One row more than asked for tells whether there is a further page. */
  get fetch(): number {
    return this.limit + 1;
  }

  /** Turns the fetched rows (at most {@link fetch}) into the page. `at` gives a row's sort value and id. */
  page<R, T>(rows: readonly R[], at: (row: R) => Position, map: (row: R) => T): Page<T> {
    const kept = rows.slice(0, this.limit);
    const nearest = this.#started ? kept[0] : undefined;
    const furthest = rows.length > this.limit ? kept.at(-1) : undefined;
    return this.picked(kept.map(map), nearest ? at(nearest) : null, furthest ? at(furthest) : null);
  }

  /**
   * A page of what was picked or written elsewhere, in the order in which it was read: `nearest` is where the first of it stands,
   * `reached` the last that was looked at, null where nothing lies beyond it. It may hold fewer than asked for, or none.
   */
  picked<T>(items: readonly T[], nearest: Position | null, reached: Position | null): Page<T> {
    const onwards = reached ? this.#write(reached) : null;
    const back = nearest && this.#started ? this.#write(nearest) : null;
    const { limit } = this;
    return this.#backward
      ? { data: items.toReversed(), meta: { limit, after: back, before: onwards } }
      : { data: items, meta: { limit, after: onwards, before: back } };
  }

  /** Whether the page before a cursor is asked for, so that rows are read against the sort. */
  get backward(): boolean {
    return this.#backward;
  }

  #write(position: Position): string {
    return Buffer.from(JSON.stringify([this.#digest(), position.value, position.id])).toString('base64url');
  }

  #read(cursor: string, sort: Sort): Position {
    try {
      const read: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString());
      if (
        Array.isArray(read) &&
        read.length === 3 &&
        read[0] === this.#digest() &&
        typeof read[2] === 'string'
      ) {
        const value: unknown = read[1];
        const fits = isCursorValue(value) && (value === null || isOfType(sort.type, String(value)));
        if (fits && shapes[sort.idType ?? 'uuid'].test(read[2])) return { value, id: read[2] };
      }
    } catch {
      // Not one of ours.
    }
    throw cursorInvalid();
  }

  #digest(): string {
    return hash('sha256', JSON.stringify(this.list.map(inOneOrder)), 'base64url').slice(0, 12);
  }
}

/**
 * The same filters are the same list, in whatever order a request names them or their values: of an object (filters by name)
 * the keys are sorted, and the texts of its lists, any of which may match. What else names a list stays as it is.
 */
function inOneOrder(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  const filters = value as Record<string, unknown>;
  const names = Object.keys(filters).sort();
  return names.map((name) => {
    const filter = filters[name];
    return [name, isTexts(filter) && filter.length > 1 ? [...filter].sort() : filter];
  });
}

const isTexts = (value: unknown): value is readonly string[] =>
  Array.isArray(value) && value.every((each) => typeof each === 'string');

const isCursorValue = (value: unknown): value is CursorValue =>
  value === null || typeof value === 'string' || typeof value === 'number';

/** What a value of each SQL type looks like: a cursor that someone altered is refused here, not by Postgres. */
const shapes = {
  uuid: /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/,
  text: /^[^\0]{0,2000}$/,
  bigint: /^-?\d{1,18}$/,
  timestamptz: /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z$/,
} as const;

/** A time must stand in the calendar as well: Postgres has no 30th of February and no year 0. */
function isOfType(type: Sort['type'], value: string): boolean {
  if (!shapes[type].test(value)) return false;
  if (type !== 'timestamptz') return true;
  const time = new Date(value);
  return !Number.isNaN(time.getTime()) && time.toISOString() === value && !value.startsWith('0000');
}
