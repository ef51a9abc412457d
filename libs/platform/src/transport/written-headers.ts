import { MsgHdrsImpl } from '@nats-io/transport-node';

/**
 * Headers that are written once and not read here. The library's own look through a map of lists at each `set`, which
 * costs more than sending them. Empty values are left out.
 */
export class WrittenHeaders extends MsgHdrsImpl {
  readonly #text: string;

  constructor(lines: readonly (readonly [name: string, value: string])[]) {
    super();
    let text = 'NATS/1.0\r\n';
    for (const [name, value] of lines) {
      if (value === '') continue;
      if (lineEnd.test(value)) throw new Error(`the header ${name} would end its line`);
      text += `${name}: ${value}\r\n`;
    }
    this.#text = `${text}\r\n`;
  }

  override toString(): string {
    return this.#text;
  }

  override encode(): Uint8Array {
    return Buffer.from(this.#text);
  }
}

const lineEnd = /[\r\n]/;
