/** A key that nobody else makes. Not `randomUUID`: browsers have that on secure pages alone. */
export function anIdempotencyKey(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}
