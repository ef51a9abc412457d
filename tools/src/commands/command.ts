/** A word of the erato command. */
export interface Command {
  /** How it is called: `events dead`. */
  readonly name: string;
  /** What it does, in one line. */
  readonly summary: string;
  /** The whole help text below the summary. */
  readonly help: string;
  /** Does it and resolves to the exit code. Throws what the user can understand. */
  run(args: string[]): Promise<number>;
}

/** Thrown for a wrong call: the help is shown with it. */
export class UsageError extends Error {}

/** Rows as a table of padded columns. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = head.map((title, at) =>
    Math.max(title.length, ...rows.map((row) => (row[at] ?? '').length)),
  );
  return [head, ...rows]
    .map((row) =>
      row
        .map((cell, at) => cell.padEnd(widths[at] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}
