/** The newest revision of permissions that a client has written: what it reads afterwards is decided on data as new. */
export class Revisions {
  #newest: number | undefined;

  get newest(): number | undefined {
    return this.#newest;
  }

  /** Remembers the revision that the answer to a write tells, if it does. */
  note(data: unknown): void {
    if (typeof data !== 'object' || data === null || !('revision' in data)) return;
    const { revision } = data;
    if (typeof revision === 'number') this.#newest = Math.max(this.#newest ?? 0, revision);
  }
}
