/**
 * Gives an answer its version for the ETag without showing it among the fields: a property that is not written out as
 * JSON. For views that leave `version` away.
 */
export function withVersion<T extends object>(view: T, version: number): T {
  if ('version' in view) return view;
  return Object.defineProperty(view, 'version', { value: version, enumerable: false });
}
