/** What a column takes, in Postgres' text form: null, texts, numbers, switches, times, lists. */
export type Value = string | number | boolean | Date | null | readonly string[];

/** Rows of a table, gathered as the text that COPY reads. */
export class Table {
  readonly #lines: string[] = [];

  constructor(
    readonly name: string,
    readonly columns: readonly string[],
  ) {}

  get count(): number {
    return this.#lines.length;
  }

  add(values: readonly Value[]): void {
    if (values.length !== this.columns.length) throw new Error(`${this.name}: a row of another form`);
    this.#lines.push(values.map(written).join('\t'));
  }

  text(): string {
    return this.#lines.map((line) => `${line}\n`).join('');
  }
}

function written(value: Value): string {
  if (value === null) return '\\N';
  if (value instanceof Date) return value.toISOString();
  if (typeof value === 'object') return escaped(`{${value.map(element).join(',')}}`);
  return escaped(String(value));
}

const element = (text: string): string => `"${text.replaceAll(/["\\]/g, '\\$&')}"`;

const special: Readonly<Record<string, string>> = { '\\': '\\\\', '\n': '\\n', '\r': '\\r', '\t': '\\t' };
const escaped = (text: string): string =>
  text.replaceAll(/[\\\n\r\t]/g, (letter) => special[letter] ?? letter);
