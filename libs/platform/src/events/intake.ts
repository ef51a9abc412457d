/** Collects what a stream gives while nobody is looking, so that it can be taken in batches. */
export class Intake<T> {
  readonly #arrived: T[] = [];
  readonly #over: Promise<void>;
  #isOver = false;
  #rouse: (() => void) | undefined;

  constructor(stream: AsyncIterable<T>) {
    this.#over = this.#collect(stream);
    this.#over.catch(() => undefined);
  }

  /** What has arrived, at most `most`; waits for the first. Empty at the end of the stream, whose error it throws. */
  async take(most: number): Promise<T[]> {
    while (this.#arrived.length === 0 && !this.#isOver) {
      await new Promise<void>((resolve) => (this.#rouse = resolve));
    }
    if (this.#arrived.length === 0) await this.#over;
    return this.#arrived.splice(0, most);
  }

  async #collect(stream: AsyncIterable<T>): Promise<void> {
    try {
      for await (const each of stream) {
        this.#arrived.push(each);
        this.#rouse?.();
      }
    } finally {
      this.#isOver = true;
      this.#rouse?.();
    }
  }
}
