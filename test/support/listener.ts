/** One event of a stream, as it came. */
export interface Told {
  readonly id: string | null;
  readonly event: string;
  readonly data: Record<string, unknown>;
}

/** A reader of server-sent events, as an EventSource is one. */
export class Listener {
  readonly told: Told[] = [];
  isOver = false;
  readonly #end = new AbortController();

  private constructor(readonly answer: Response) {}

  static async open(url: string, headers: Readonly<Record<string, string>> = {}): Promise<Listener> {
    const end = new AbortController();
    const answer = await fetch(url, { headers, signal: end.signal });
    const listener = new Listener(answer);
    end.signal.addEventListener('abort', () => undefined);
    listener.#end.signal.addEventListener('abort', () => end.abort());
    if (answer.ok) void listener.#read().catch(() => undefined);
    return listener;
  }

  /** What domain events said, by type. */
  get types(): unknown[] {
    return this.told.filter(({ event }) => event === 'message').map(({ data }) => data['type']);
  }

  /** The last id, with which another listener goes on. */
  get last(): string {
    return this.told.findLast(({ id }) => id !== null)?.id ?? '';
  }

  /** The reason of the stream's own end, or null. */
  get reason(): unknown {
    return this.told.find(({ event }) => event === 'end')?.data['reason'] ?? null;
  }

  close(): void {
    this.#end.abort();
  }

  async #read(): Promise<void> {
    let text = '';
    const decoder = new TextDecoder();
    try {
      for await (const chunk of this.answer.body ?? []) {
        text += decoder.decode(chunk as Uint8Array, { stream: true });
        const blocks = text.split('\n\n');
        text = blocks.pop() ?? '';
        for (const block of blocks) this.#take(block);
      }
    } finally {
      this.isOver = true;
    }
  }

  #take(block: string): void {
    const fields = new Map(
      block
        .split('\n')
        .filter((line) => /^\w/.test(line))
        .map((line): [string, string] => {
          const at = line.indexOf(': ');
          return [line.slice(0, at), line.slice(at + 2)];
        }),
    );
    const data = fields.get('data');
    if (data === undefined) return;
    const read = JSON.parse(data) as Record<string, unknown>;
    this.told.push({ id: fields.get('id') ?? null, event: fields.get('event') ?? 'message', data: read });
  }
}
