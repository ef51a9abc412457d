/** The present, as WorkOS writes it. */
export function now(): string {
  return new Date().toISOString();
}

/** A time from now, in milliseconds. */
export function later(milliseconds: number): string {
  return new Date(Date.now() + milliseconds).toISOString();
}

export function isPast(time: string): boolean {
  return Date.parse(time) <= Date.now();
}

/** When a change happened: never the time of the change before, so that `updated_at` tells which is newer. */
export function after(previous: string): string {
  return new Date(Math.max(Date.now(), Date.parse(previous) + 1)).toISOString();
}
