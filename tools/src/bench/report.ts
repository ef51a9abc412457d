/** What a row says and what it is held to (docs: README.md of this folder). */
export interface Row {
  readonly what: string;
  /** What Erato reached, as a text with its unit. */
  readonly erato: string;
  /** What the limit reached in the same run; empty where there is none. */
  readonly bare: string;
  /** The figure that is held to floor and target. */
  readonly value: number;
  readonly unit: string;
  /** `more` where a larger value is better. */
  readonly better: 'more' | 'less';
  readonly floor: number | undefined;
  readonly target: number | undefined;
  /** What was measured, for later comparison. */
  readonly detail: Readonly<Record<string, unknown>>;
}

export type Verdict = 'target' | 'floor' | 'missed' | '';

const meets = ({ value, better }: Row, bound: number): boolean =>
  better === 'more' ? value >= bound : value <= bound;

/** Whether a row reached its target, its floor, or neither. */
export function verdictOf(row: Row): Verdict {
  if (row.target !== undefined && meets(row, row.target)) return 'target';
  if (row.floor !== undefined) return meets(row, row.floor) ? 'floor' : 'missed';
  return row.target === undefined ? '' : 'missed';
}

/** A number with three digits that count. */
export function short(value: number): string {
  if (value >= 10_000) return `${(value / 1_000).toFixed(value >= 100_000 ? 0 : 1)} k`;
  if (value >= 100) return value.toFixed(0);
  return value >= 10 ? value.toFixed(1) : value.toFixed(2);
}

const bound = (row: Row, value: number | undefined): string =>
  value === undefined ? '' : `${row.better === 'more' ? '≥' : '≤'} ${short(value)}${row.unit}`;

/** The rows as a table for people. */
export function tableOf(rows: readonly Row[]): string {
  const head = ['what', 'Erato', 'bare', 'value', 'floor', 'target', 'reached'];
  const lines = rows.map((row) => [
    row.what,
    row.erato,
    row.bare,
    `${short(row.value)}${row.unit}`,
    bound(row, row.floor),
    bound(row, row.target),
    verdictOf(row),
  ]);
  const widths = head.map((_, at) => Math.max(...[head, ...lines].map((line) => (line[at] ?? '').length)));
  const write = (line: readonly string[]): string =>
    line
      .map((cell, at) => cell.padEnd(widths[at] ?? 0))
      .join('  ')
      .trimEnd();
  return [write(head), widths.map((width) => '─'.repeat(width)).join('  '), ...lines.map(write)].join('\n');
}
