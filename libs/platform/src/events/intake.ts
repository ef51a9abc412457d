/** Collects what a stream gives while nobody is looking, up to its room, so that it can be taken in batches. */
export class Intake<T> {
  readonly #arrived: T[] = [];
  readonly #over: Promise<void>;
  #isOver = false;
  #rouse: (() => void) | undefined;
  #roomMade: (() => void) | undefined;

  constructor(
    stream: AsyncIterable<T>,
    private room: number,
  ) {
    this.#over = this.#collect(stream);
    this.#over.catch(() => undefined);
  }

  /** What has arrived, at most `most`; waits for the first. Empty at the end of the stream, whose error it throws. */
  async take(most: number): Promise<T[]> {
    while (this.#arrived.length === 0 && !this.#isOver) {
      await new Promise<void>((resolve) => (this.#rouse = resolve));
    }
    if (this.#arrived.length === 0) await this.#over;
    const taken = this.#arrived.splice(0, most);
    this.#roomMade?.();
    return taken;
  }

  /** Whatever was not taken, once the stream has ended; whether with an error does not matter any more. */
  async rest(): Promise<T[]> {
    this.room = Infinity;
    this.#roomMade?.();
    await this.#over.catch(() => undefined);
    return this.#arrived.splice(0);
  }

  async #collect(stream: AsyncIterable<T>): Promise<void> {
    try {
      for await (const each of stream) {
        this.#arrived.push(each);
        this.#rouse?.();
        while (this.#arrived.length >= this.room) {
          await new Promise<void>((resolve) => (this.#roomMade = resolve));
        }
      }
    } finally {
      this.#isOver = true;
      this.#rouse?.();
    }
  }
}
