import { failure } from './api-error.js';

export type Metadata = Readonly<Record<string, string>>;

/** Merges a change into metadata: null deletes a key, a change of null all keys. 400 `invalid_metadata` beyond WorkOS' bounds. */
export function mergeMetadata(
  current: Metadata,
  change: Record<string, unknown> | null | undefined,
): Metadata {
  if (change === undefined) return current;
  if (change === null) return {};
  const merged = new Map(Object.entries(current));
  for (const [key, value] of Object.entries(change)) {
    if (value === null) merged.delete(key);
    else if (typeof value !== 'string' || value.length > 600)
      throw invalid(`The value of '${key}' must be a string of at most 600 characters.`);
    else if (key.length === 0 || key.length > 40) throw invalid('Keys must be 1 to 40 characters long.');
    else merged.set(key, value);
  }
  if (merged.size > 50) throw invalid('At most 50 keys are allowed.');
  return Object.fromEntries(merged);
}

function invalid(message: string) {
  return failure(400, 'invalid_metadata', message);
}
