/** What names the version that a change was made from. */
export type VersionOf = { readonly etag: string | null; readonly data?: unknown } | string | number;

/**
 * The `If-Match` of a version. An answer that was read with `include` has a weak tag, which matches nothing: the object's own
 * version counts there.
 */
export function ifMatchOf(version: VersionOf): string {
  if (typeof version === 'number') return `"v${version}"`;
  if (typeof version === 'string') return version;
  const { etag, data } = version;
  if (etag !== null && !etag.startsWith('W/')) return etag;
  if (typeof data === 'object' && data !== null && 'version' in data && typeof data.version === 'number') {
    return ifMatchOf(data.version);
  }
  throw new TypeError('ifMatch needs the answer of one object, an ETag or a version');
}
