/*
 * Errors of Node's own modules are told by what they carry, not by their class: Jest runs tests in a realm of
 * their own, where such an error is no instance of `Error`.
 */

/** The code of a system error, such as ENOENT; undefined when there is none. */
export function codeOf(error: unknown): string | number | undefined {
  if (error === null || typeof error !== 'object' || !('code' in error)) return undefined;
  return typeof error.code === 'string' || typeof error.code === 'number' ? error.code : undefined;
}

/** What an error says. */
export function messageOf(error: unknown): string {
  if (error !== null && typeof error === 'object') {
    // A connection tried on several addresses of one name says nothing itself.
    if ('errors' in error && Array.isArray(error.errors)) return error.errors.map(messageOf).join('; ');
    if ('message' in error) return String(error.message);
  }
  return String(error);
}

/** What caused an error, or the error itself. */
export const causeOf = (error: unknown): unknown =>
  error !== null && typeof error === 'object' && 'cause' in error && error.cause ? error.cause : error;
