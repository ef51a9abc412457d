import type { Duplex } from 'node:stream';
import type { Connection, Pool, Submittable } from 'pg';
import type { TextRow } from './row-text.js';
import type { Statement } from './statement.js';

/** A value of a parameter: its text, or the texts of a list's items. */
export type TextValue = string | number | boolean | null | readonly string[];

/** What of pg's connection a query uses that is its own (pg, lib/query.js); the types of pg leave most of it out. */
interface Wire {
  readonly stream: Duplex;
  /** By name the text of what the server has prepared on this connection, and of what is on its way there. */
  readonly parsedStatements: Partial<Record<string, string>>;
  readonly submittedNamedStatements: Partial<Record<string, string>>;
  parse(statement: Statement): void;
  bind(parameters: { statement: string; values: readonly (string | null)[] }): void;
  execute(portal: object): void;
  sync(): void;
}

type Told = (error: Error | null, result?: { rows: TextRow[] }) => void;

/** All rows of a statement, over a connection of the pool. Throws what pg does. */
export function textsOf(
  pool: Pick<Pool, 'query'>,
  statement: Statement,
  values: readonly TextValue[],
): Promise<readonly TextRow[]> {
  return new Promise((resolve, reject) => {
    // The pool calls back as it does for a statement of its own; its types know of one that submits itself alone without.
    const query = pool.query.bind(pool) as (query: Submittable, values: undefined, told: Told) => void;
    query(new TextQuery(statement, values), undefined, (error, result) => {
      if (result) resolve(result.rows);
      else reject(error ?? new Error('a statement ended with neither rows nor an error'));
    });
  });
}

/**
 * A statement whose rows are read as the texts that Postgres writes. pg would ask before each run which columns there are,
 * which the reader knows, and make an object of each of them: a tenth of what a read by primary key costs.
 */
export class TextQuery implements Submittable {
  readonly name: string;
  readonly text: string;
  /** Set by pg. */
  callback: Told | undefined;
  readonly #values: readonly TextValue[];
  readonly #rows: TextRow[] = [];

  constructor({ name, text }: Statement, values: readonly TextValue[]) {
    this.name = name;
    this.text = text;
    this.#values = values;
  }

  submit(connection: Connection): void {
    const wire = connection as unknown as Wire;
    const { name, text } = this;
    wire.stream.cork();
    try {
      if (wire.parsedStatements[name] === undefined && wire.submittedNamedStatements[name] === undefined) {
        wire.parse({ name, text });
        wire.submittedNamedStatements[name] = text;
      }
      wire.bind({ statement: name, values: this.#values.map(asText) });
      wire.execute({});
      wire.sync();
    } finally {
      wire.stream.uncork();
    }
  }

  handleDataRow({ fields }: { fields: TextRow }): void {
    this.#rows.push(fields);
  }

  /** How many rows there were is seen by counting them. */
  handleCommandComplete(): void {
    // nothing to do
  }

  handleError(error: Error): void {
    this.callback?.(error);
  }

  handleReadyForQuery(): void {
    this.callback?.(null, { rows: this.#rows });
  }
}

function asText(value: TextValue): string | null {
  if (value === null || typeof value === 'string') return value;
  if (typeof value === 'object') return `{${value.map(quoted).join(',')}}`;
  return String(value);
}

/** An item of a list, as Postgres reads it (manual, Array Input and Output Syntax). */
const quoted = (item: string): string =>
  special.test(item) ? `"${item.replaceAll(/[\\"]/g, '\\$&')}"` : `"${item}"`;
const special = /[\\"]/;
