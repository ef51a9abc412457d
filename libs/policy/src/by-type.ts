/** One of the values under an id, which belong to different types. */
export interface OfType<T> {
  readonly type: string;
  /** The next value under the same id. */
  readonly next: T | null;
}

/** The value of that type among those under an id. */
export function ofType<T extends OfType<T>>(first: T | null | undefined, type: string): T | undefined {
  for (let one = first ?? null; one !== null; one = one.next) if (one.type === type) return one;
  return undefined;
}

/** Those of the other types. */
export function exceptType<T extends OfType<T>>(first: T | null | undefined, type: string): T | null {
  if (!first) return null;
  const rest = exceptType(first.next, type);
  if (first.type === type) return rest;
  return rest === first.next ? first : { ...first, next: rest };
}
