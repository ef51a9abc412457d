/** Candidates that one page looks at, at most; a page that came so far ends there, and its cursor goes on. */
const workBound = 2_000;
/** How many are looked at together: few sizes, since each is a statement of its own. */
const [leastChunk, wholeChunk, mostChunk] = [50, 101, 250];

/** Where candidates come from, and what says which of them are entries. */
interface Source<T, C> {
  /** The next candidates behind that one; fewer than asked for where there are no more. */
  next(from: C | null, limit: number): Promise<readonly C[]>;
  /** The entries among them, in their order. */
  confirm(candidates: readonly C[]): Promise<readonly T[]>;
  /** The candidate that became an entry. */
  at(entry: T): C;
}

/** What a page holds, and the candidate up to which it was looked for; null where there are no more. */
export interface Picked<T, C> {
  readonly found: readonly T[];
  readonly reached: C | null;
}

/**
 * Gathers a page of entries among candidates. It ends full, at the end of the candidates, or where so many were looked at, or so
 * much of the time was used, that the rest is the next page's: bounded work, and never an end that is none.
 */
export async function pick<T, C>(
  { deadline }: { deadline: number },
  limit: number,
  source: Source<T, C>,
): Promise<Picked<T, C>> {
  const found: T[] = [];
  const until = Date.now() + (deadline - Date.now()) / 2;
  let from: C | null = null;
  let chunk = limit < leastChunk ? leastChunk : wholeChunk;
  for (let looked = 0; looked === 0 || (looked < workBound && Date.now() < until);) {
    const candidates: readonly C[] = await source.next(from, chunk);
    if (candidates.length > 0) found.push(...(await source.confirm(candidates)));
    const last = found[limit - 1];
    if (found.length > limit && last) return { found: found.slice(0, limit), reached: source.at(last) };
    if (candidates.length < chunk) return { found, reached: null };
    looked += candidates.length;
    from = candidates.at(-1) ?? null;
    chunk = mostChunk;
  }
  return { found, reached: from };
}
