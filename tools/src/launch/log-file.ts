import {
  closeSync,
  copyFileSync,
  mkdirSync,
  openSync,
  renameSync,
  statSync,
  truncateSync,
  writeSync,
} from 'node:fs';
import { dirname } from 'node:path';

/** A log grows to this many bytes; then it becomes `<name>.1`, and what was that is gone. */
export const maxLogBytes = 10 * 1024 * 1024;

function sizeOf(path: string): number {
  try {
    return statSync(path).size;
  } catch {
    return 0;
  }
}

/** A log file of bounded size, written by this process. */
export class LogFile {
  private file: number | undefined;
  private size = 0;

  constructor(
    readonly path: string,
    private readonly maxBytes = maxLogBytes,
  ) {}

  write(text: string | Buffer): void {
    if (this.file === undefined) this.open();
    if (this.size > this.maxBytes) this.rotate();
    if (this.file !== undefined) this.size += writeSync(this.file, text as string);
  }

  close(): void {
    if (this.file !== undefined) closeSync(this.file);
    this.file = undefined;
  }

  private open(): void {
    mkdirSync(dirname(this.path), { recursive: true });
    this.size = sizeOf(this.path);
    this.file = openSync(this.path, 'a', 0o600);
  }

  private rotate(): void {
    this.close();
    renameSync(this.path, `${this.path}.1`);
    this.open();
  }
}

/** Bounds a log that another process writes: its text is copied away and cut off, which works with appending writers. */
export function boundLog(path: string, maxBytes = maxLogBytes): void {
  if (sizeOf(path) <= maxBytes) return;
  copyFileSync(path, `${path}.1`);
  truncateSync(path);
}
