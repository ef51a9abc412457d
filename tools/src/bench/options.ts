import { parseArgs } from 'node:util';

/** The groups of rows that can be measured alone. */
export const groups = ['start', 'read', 'write', 'size', 'decision', 'permission'] as const;
export type Group = (typeof groups)[number];

/** What a run does. */
export interface Options {
  /** How often each side is measured, in alternation. */
  readonly rounds: number;
  /** How long one measurement takes, in seconds. */
  readonly seconds: number;
  /** How long each contender runs before it counts, in seconds. */
  readonly warmup: number;
  /** Resources of the small and of the large installation. */
  readonly small: number;
  readonly large: number;
  readonly only: readonly Group[];
  /** Where the results go. */
  readonly output: string;
}

export const usage = `npm run bench -- [--quick] [--only=${groups.join(',')}] [--rounds=3] [--seconds=8] [--warmup=15]
                [--small=10000] [--large=1000000] [--output=bench-results.json]

  --quick   one short round on little data: whether the benchmark works, not how fast anything is`;

const whole = (name: string, text: string | undefined, fallback: number): number => {
  const value = Number(text ?? fallback);
  if (!Number.isSafeInteger(value) || value < 1) throw new Error(`--${name} must be a whole number above 0`);
  return value;
};

/** Reads the command line; throws with what is wrong with it. */
export function readOptions(args: readonly string[]): Options {
  const { values } = parseArgs({
    args: [...args],
    options: {
      quick: { type: 'boolean', default: false },
      only: { type: 'string' },
      rounds: { type: 'string' },
      seconds: { type: 'string' },
      warmup: { type: 'string' },
      small: { type: 'string' },
      large: { type: 'string' },
      output: { type: 'string', default: 'bench-results.json' },
    },
  });
  const quick = values.quick;
  const only = values.only?.split(',') ?? groups;
  for (const each of only) if (!isGroup(each)) throw new Error(`--only takes ${groups.join(', ')}`);
  return {
    rounds: whole('rounds', values.rounds, quick ? 1 : 3),
    seconds: whole('seconds', values.seconds, quick ? 2 : 8),
    warmup: whole('warmup', values.warmup, quick ? 2 : 15),
    small: whole('small', values.small, quick ? 2_000 : 10_000),
    large: whole('large', values.large, quick ? 20_000 : 1_000_000),
    only: only.filter(isGroup),
    output: values.output,
  };
}

const isGroup = (word: string): word is Group => groups.some((each) => each === word);
