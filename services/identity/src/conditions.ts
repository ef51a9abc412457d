import type { Keyset } from '@erato/platform/paging/keyset';

/**
 * The WHERE of a list: conditions of code, each `?` a parameter in its order. The text depends on which filters are given
 * alone, never on their values.
 */
export class Conditions {
  readonly values: unknown[] = [];
  #text: string;

  constructor(first = 'true') {
    this.#text = first;
  }

  and(condition: string, ...values: unknown[]): void {
    const given = [...values];
    const text = condition.replaceAll('?', () => {
      this.values.push(given.shift());
      return `$${this.values.length}`;
    });
    this.#text += ` AND (${text})`;
  }

  get text(): string {
    return this.#text;
  }

  /** The number of the first parameter that is free. */
  get next(): number {
    return this.values.length + 1;
  }

  /** The parameter that holds the limit, after those of the position. */
  limit(keyset: Keyset): string {
    return `$${this.values.length + keyset.values.length + 1}`;
  }
}
