import type { Keyset, PageRequest, Sort } from '@erato/platform/paging/keyset';
import type { Parameters } from './parameters.js';

/**
 * Where a page begins, for statements that read rows with a sort value apart from those without: an index holds each in
 * order, while one condition for both would have to be tried on every row.
 */
export class Position {
  /** In which direction rows are read: against the sort for the page before a cursor. */
  readonly direction: 'ASC' | 'DESC';
  readonly #column: string;
  readonly #past: '<' | '>';
  readonly #value: string = '';
  readonly #id: string = '';

  constructor(
    private readonly keyset: Keyset,
    sort: Sort,
    private readonly request: PageRequest,
    into: Parameters,
  ) {
    const descending = sort.descending !== (request.before !== undefined);
    this.direction = descending ? 'DESC' : 'ASC';
    this.#past = descending ? '<' : '>';
    this.#column = sort.column;
    const [value, id] = keyset.values;
    if (value === undefined || id === undefined) return;
    this.#value = into.add(value, sort.type);
    this.#id = into.add(id, 'uuid');
  }

  /** Whether the cursor stands among rows without a sort value. */
  get isUnvalued(): boolean {
    return this.#isGiven && this.keyset.values[0] === null;
  }

  /** Past the cursor among rows that have a sort value; null where none of them can follow. Begins with ` AND `. */
  pastValued(): string | null {
    if (!this.#isGiven) return '';
    if (this.isUnvalued) return this.#isBackward ? '' : null;
    return ` AND (${this.#column}, r.id) ${this.#past} (${this.#value}, ${this.#id})`;
  }

  /** The same among rows without one: they come last in both directions. */
  pastUnvalued(): string | null {
    if (!this.#isGiven) return '';
    if (!this.isUnvalued) return this.#isBackward ? null : '';
    return ` AND r.id ${this.#past} ${this.#id}`;
  }

  /** Names the parameters in a condition that always holds: Postgres refuses one that no text names. */
  named(): string {
    if (!this.#isGiven) return '';
    return ` AND ${this.#value} IS NOT DISTINCT FROM ${this.#value} AND ${this.#id} IS NOT NULL`;
  }

  get #isGiven(): boolean {
    return this.keyset.values.length > 0;
  }

  get #isBackward(): boolean {
    return this.request.before !== undefined;
  }
}
