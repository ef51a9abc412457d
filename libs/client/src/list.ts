import type { PageMeta } from './api.js';

/** One page of a list. */
export interface Page<Item> {
  readonly data: readonly Item[];
  readonly meta: PageMeta;
}

/** Asks for the page after a cursor; for the first one where it is undefined. */
export type AskForPage<Item> = (after: string | undefined) => Promise<Page<Item>>;

/**
 * A list of any length, asked for page by page as it is walked: `for await (const song of list)`. Each walk starts anew. Pages
 * are kept by nobody; an item that is made meanwhile neither repeats nor hides another.
 */
export class List<Item> implements AsyncIterable<Item> {
  constructor(private readonly ask: AskForPage<Item>) {}

  async *[Symbol.asyncIterator](): AsyncGenerator<Item, void, undefined> {
    for await (const page of this.pages()) yield* page.data;
  }

  /** The same, whole pages at a time. */
  async *pages(): AsyncGenerator<Page<Item>, void, undefined> {
    let after: string | undefined;
    do {
      const page = await this.ask(after);
      yield page;
      after = page.meta.after ?? undefined;
    } while (after !== undefined);
  }

  /** The first items, at most so many. */
  async take(most: number): Promise<Item[]> {
    const items: Item[] = [];
    if (most <= 0) return items;
    for await (const item of this) {
      if (items.push(item) >= most) break;
    }
    return items;
  }
}
