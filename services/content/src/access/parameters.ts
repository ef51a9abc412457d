import type { TextValue } from '@erato/platform/database/text-reads';

/** The parameters of a statement that is put together: adds a value and gives the `$n` by which the text names it. */
export class Parameters {
  readonly values: TextValue[];

  /** Begins after those of another statement, which stay as they are. */
  constructor(after?: Parameters) {
    this.values = [...(after?.values ?? [])];
  }

  add(value: TextValue, type?: string): string {
    this.values.push(value);
    return `$${this.values.length}${type ? `::${type}` : ''}`;
  }

  /** The number of the next parameter. */
  get next(): number {
    return this.values.length + 1;
  }
}
