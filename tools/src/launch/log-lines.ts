/** Cuts a stream of text into lines, whatever pieces it comes in. */
export class Lines {
  private rest = '';

  constructor(private readonly onLine: (line: string) => void) {}

  push(text: string): void {
    const parts = (this.rest + text).split('\n');
    // A line without an end must not grow for ever.
    this.rest = (parts.pop() ?? '').slice(0, 1024 * 1024);
    for (const part of parts) if (part.trim() !== '') this.onLine(part);
  }
}

const levels: Readonly<Record<string, string>> = {
  40: 'warn',
  50: 'error',
  60: 'fatal',
  warn: 'warn',
  error: 'error',
  fatal: 'fatal',
};

const textOf = (value: unknown): string => (typeof value === 'string' ? value : '');

/** A service's log line (pino, JSON) in short when it is a warning or worse; undefined for what only the file keeps. */
export function shortLine(line: string): string | undefined {
  let entry: Record<string, unknown>;
  try {
    entry = JSON.parse(line) as Record<string, unknown>;
  } catch {
    return undefined;
  }
  const level = levels[String(entry['level'])];
  if (level === undefined) return undefined;
  const error = entry['err'] ?? entry['error'];
  const why =
    error !== null && typeof error === 'object' && 'message' in error ? textOf(error.message) : textOf(error);
  const said = [textOf(entry['msg']), why].filter((part) => part !== '').join(': ');
  return `${level} ${said.slice(0, 500)}`;
}

/** Lets a few lines through in each span of time and counts the others, so that a failing service does not flood. */
export class Trickle {
  private since = 0;
  private shown = 0;
  private held = 0;

  constructor(
    private readonly show: (line: string) => void,
    private readonly most = 10,
    private readonly spanMs = 5_000,
  ) {}

  push(line: string, now = Date.now()): void {
    if (now - this.since > this.spanMs) {
      if (this.held > 0) this.show(`… and ${this.held} more lines, see its log`);
      this.since = now;
      this.shown = 0;
      this.held = 0;
    }
    if (this.shown < this.most) {
      this.shown += 1;
      this.show(line);
    } else {
      this.held += 1;
    }
  }
}
