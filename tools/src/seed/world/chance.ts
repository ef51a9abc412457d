/**
 * Chance that is the same in every run: a stream of numbers for each name, so that any part of a world can be made without those
 * before it.
 */
export class Chance {
  #state: number;

  /** @param name what it is for: `medium-1 workspace 17` */
  constructor(name: string) {
    this.#state = hashOf(name);
  }

  /** A number of 32 bits (mulberry32). */
  bits(): number {
    this.#state = (this.#state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(this.#state ^ (this.#state >>> 15), 1 | this.#state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return (mixed ^ (mixed >>> 14)) >>> 0;
  }

  /** From 0 to below 1. */
  part(): number {
    return this.bits() / 2 ** 32;
  }

  /** A whole number from `least` to `most`. */
  whole(least: number, most: number): number {
    return least + Math.floor(this.part() * (most - least + 1));
  }

  /** Whether something happens of which so many in a hundred do. */
  percent(share: number): boolean {
    return this.part() * 100 < share;
  }

  one<T>(of: readonly T[]): T {
    const chosen = of[Math.floor(this.part() * of.length)];
    if (chosen === undefined) throw new Error('there is nothing to choose from');
    return chosen;
  }
}

/** FNV-1a, mixed once more so that names which differ in one digit lie far apart. */
function hashOf(text: string): number {
  let hash = 0x811c9dc5;
  for (let at = 0; at < text.length; at++) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
  return Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
}
