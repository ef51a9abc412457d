import {
  appendFileSync,
  closeSync,
  ftruncateSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
} from 'node:fs';
import { join } from 'node:path';

/** One change of one row: table, id, and the row or null for a deletion. */
export type Change = readonly [table: string, id: string, row: unknown];

/**
 * An append-only file of changes, one transaction a line. A line is handed to the operating system before the
 * answer goes out, so a killed process loses nothing that it acknowledged; a line that was torn by the kill was
 * never acknowledged and is cut off at the next start.
 */
export class Journal {
  private fd: number;
  private size: number;

  private constructor(
    private readonly path: string,
    readonly lines: readonly (readonly Change[])[],
    size: number,
  ) {
    this.fd = openSync(path, 'a', 0o600);
    this.size = size;
    ftruncateSync(this.fd, size);
  }

  /** Opens or creates the journal in a folder. Throws when a line other than the last cannot be read. */
  static open(folder: string): Journal {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    const path = join(folder, 'journal.jsonl');
    closeSync(openSync(path, 'a', 0o600));
    const bytes = readFileSync(path);
    const size = bytes.lastIndexOf(0x0a) + 1;
    const lines = bytes.subarray(0, size).toString('utf8').split('\n').slice(0, -1).map(parse(path));
    return new Journal(path, lines, size);
  }

  /** Writes one transaction. When the disk refuses it, the file is as before and the error goes on. */
  append(changes: readonly Change[]): void {
    const line = Buffer.from(`${JSON.stringify(changes)}\n`);
    try {
      appendFileSync(this.fd, line);
      this.size += line.length;
    } catch (error) {
      ftruncateSync(this.fd, this.size);
      throw error;
    }
  }

  /** Replaces the history by the rows that are left of it, in one step. */
  compact(changes: readonly Change[]): void {
    const next = `${this.path}.new`;
    const fd = openSync(next, 'w', 0o600);
    const text = Buffer.from(changes.map((change) => `${JSON.stringify([change])}\n`).join(''));
    appendFileSync(fd, text);
    fsyncSync(fd);
    closeSync(fd);
    renameSync(next, this.path);
    closeSync(this.fd);
    this.fd = openSync(this.path, 'a', 0o600);
    this.size = text.length;
  }

  close(): void {
    closeSync(this.fd);
  }
}

function parse(path: string) {
  return (line: string, index: number): readonly Change[] => {
    try {
      return JSON.parse(line) as readonly Change[];
    } catch (cause) {
      throw new Error(`${path}: line ${index + 1} is damaged; move the file away to start empty`, { cause });
    }
  };
}
