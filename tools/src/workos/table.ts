import type { Change } from './journal.js';

export interface Row {
  readonly id: string;
}

/** Rows of one kind by id, in the order of their making. Every change is told to the store that owns the table. */
export class Table<T extends Row> {
  private readonly rows = new Map<string, T>();

  constructor(
    private readonly name: string,
    private readonly changed: (change: Change, undo: () => void) => void,
  ) {}

  get(id: string): T | undefined {
    return this.rows.get(id);
  }

  /** All rows, oldest first. */
  all(): T[] {
    return [...this.rows.values()];
  }

  filter(matches: (row: T) => boolean): T[] {
    return this.all().filter(matches);
  }

  find(matches: (row: T) => boolean): T | undefined {
    for (const row of this.rows.values()) if (matches(row)) return row;
    return undefined;
  }

  put(row: T): T {
    const before = this.rows.get(row.id);
    this.rows.set(row.id, row);
    this.changed([this.name, row.id, row], () => this.restore(row.id, before));
    return row;
  }

  delete(id: string): void {
    const before = this.rows.get(id);
    if (before === undefined) return;
    this.rows.delete(id);
    this.changed([this.name, id, null], () => this.restore(id, before));
  }

  /** Takes a row from the journal, which only `put` and `delete` write. */
  replay(id: string, row: unknown): void {
    this.restore(id, row === null ? undefined : (row as T));
  }

  snapshot(): Change[] {
    return this.all().map((row) => [this.name, row.id, row]);
  }

  private restore(id: string, row: T | undefined): void {
    if (row === undefined) this.rows.delete(id);
    else this.rows.set(id, row);
  }
}
