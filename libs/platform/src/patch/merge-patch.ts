import { invalidField } from '@erato/contracts/kit/failure';

type Json = Readonly<Record<string, unknown>>;

const isObject = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** RFC 7396: what is absent stays, null removes, objects are merged, anything else replaces. */
export function mergePatch(target: unknown, patch: unknown): unknown {
  if (!isObject(patch)) return patch;
  const merged: Record<string, unknown> = isObject(target) ? { ...target } : {};
  for (const [key, value] of Object.entries(patch)) {
    if (value === null) Reflect.deleteProperty(merged, key);
    else merged[key] = mergePatch(merged[key], value);
  }
  return merged;
}

const maxBytes = 8_192;

/** Merges a typed part of an object; null clears it. 400 when it grows beyond 8 KiB (identity.md and content.md, `themeConfig`). */
export function mergePart<T extends object>(path: string, current: T | null, patch: object | null): T | null {
  if (patch === null) return null;
  const merged = mergePatch(current, patch) as T;
  if (Buffer.byteLength(JSON.stringify(merged)) > maxBytes) {
    throw invalidField(path, 'too_large', `must not be longer than ${maxBytes} bytes`);
  }
  return merged;
}
