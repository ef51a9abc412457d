import { timeOf, type TextRow } from '@erato/platform/database/row-text';

/** A column, and how the text that Postgres gives of it becomes JSON. */
interface Written {
  readonly sql: string;
  readonly write: (text: string) => string;
}

/** An id, or a word of a closed list: nothing in it is to be escaped. */
export const word = (sql: string): Written => ({ sql, write: (text) => `"${text}"` });
/** Any text. */
export const text = (sql: string): Written => ({ sql, write: (value) => JSON.stringify(value) });
/** RFC 3339 in UTC with milliseconds. */
export const time = (sql: string): Written => ({ sql, write: (value) => `"${timeOf(value)}"` });
/** A number, or JSON already. */
export const asIs = (sql: string): Written => ({ sql, write: (value) => value });

/**
 * What is shown of a row `r`: its columns, and the JSON that is put together from their texts. Times and objects that
 * Postgres writes cost it twice what reading the rows does.
 */
export class Shape {
  /** The expressions of the columns. */
  readonly expressions: readonly string[];
  readonly columns: string;
  readonly #fields: readonly { readonly lead: string; readonly write: Written['write'] }[];

  constructor(fields: Readonly<Record<string, Written>>) {
    const entries = Object.entries(fields);
    this.expressions = entries.map(([, { sql }]) => sql);
    this.columns = this.expressions.join(', ');
    this.#fields = entries.map(([name, { write }], at) => ({
      lead: `${at === 0 ? '{' : ','}"${name}":`,
      write,
    }));
  }

  /** The JSON of a row whose columns begin at that place; `more` are further fields, each begun with a comma. */
  json(row: TextRow, from = 0, more = ''): string {
    let json = '';
    let at = from;
    for (const { lead, write } of this.#fields) {
      const value = row[at++] ?? null;
      json += lead + (value === null ? 'null' : write(value));
    }
    return `${json}${more}}`;
  }
}
