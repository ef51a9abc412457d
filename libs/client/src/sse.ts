/** One message of a stream of server-sent events. */
export interface SseMessage {
  readonly id: string | undefined;
  readonly event: string;
  readonly data: string;
}

/**
 * Reads `text/event-stream` (HTML, 9.2.6) as it comes, in pieces of any size. Comments and `retry` are passed over: that the
 * connection lives is seen from the pieces themselves.
 */
export class SseReader {
  #rest = '';
  #id: string | undefined;
  #event = '';
  #data: string[] = [];

  /** Takes a piece of the text and gives the messages that end in it. */
  read(piece: string): SseMessage[] {
    const messages: SseMessage[] = [];
    const lines = (this.#rest + piece).split(/\r\n|\n|\r(?!$)/);
    this.#rest = lines.pop() ?? '';
    for (const line of lines) {
      if (line !== '') this.#take(line);
      else if (this.#data.length > 0) messages.push(this.#made());
      else this.#event = '';
    }
    return messages;
  }

  #take(line: string): void {
    const [, name, value = ''] = /^([^:]*)(?:: ?(.*))?$/s.exec(line) ?? [];
    if (name === 'data') this.#data.push(value);
    else if (name === 'event') this.#event = value;
    else if (name === 'id' && !value.includes('\0')) this.#id = value;
  }

  #made(): SseMessage {
    const message = { id: this.#id, event: this.#event || 'message', data: this.#data.join('\n') };
    this.#event = '';
    this.#data = [];
    return message;
  }
}
