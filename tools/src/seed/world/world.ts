/** How much of everything a world has. */
export interface WorldSize {
  readonly labels: number;
  readonly people: number;
  readonly workspaces: number;
}

/** A world of labels, artists and what they publish: the same for the same seed and size, in every installation. */
export interface World {
  /** Stands in addresses, so that worlds do not meet: `m1`. */
  readonly tag: string;
  /** What its chance hangs on. */
  readonly seed: string;
  readonly size: WorldSize;
}

export const resourcesPerWorkspace = 20;

/** People of a label: one leads it, two are its A&R, one only looks. */
export const peoplePerLabel = 4;

/** Everything happened in the three years before. Not `now`: the same world has the same ids. */
export const worldEnd = Date.UTC(2025, 5, 30, 12);
export const worldStart = Date.UTC(2022, 5, 30, 12);

export const sizes = {
  small: { labels: 2, people: 12, workspaces: 6 },
  medium: { labels: 12, people: 80, workspaces: 500 },
  large: { labels: 120, people: 800, workspaces: 50_000 },
} as const;

export type SizeName = keyof typeof sizes;

export function worldOf(size: SizeName, seed: number): World {
  return { tag: `${size.charAt(0)}${String(seed)}`, seed: `${size}-${String(seed)}`, size: sizes[size] };
}
