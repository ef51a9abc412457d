/**
 * Follows the revisions of authz's events: each is that of the one before and one more, so a number that is missing
 * is an event that was missed (authz.md, "Where it runs").
 */
export class RevisionTrack {
  #seen: number | null = null;
  #base = 0;
  #epoch = 0;

  /** Every event up to this revision has been heard and applied to what is cached; null before anything was. */
  get seen(): number | null {
    return this.#seen;
  }

  /** Counts up when what was cached is forgotten; an answer that was asked for in another epoch cannot be trusted. */
  get epoch(): number {
    return this.#epoch;
  }

  /**
   * Whether an answer of that revision, asked for in that epoch, may be kept. The first one of an epoch sets where
   * listening began: changes before it are in it, those after it are heard.
   */
  admits(revision: number, epoch: number): boolean {
    if (epoch !== this.#epoch) return false;
    if (this.#seen === null) this.#seen = this.#base = revision;
    return revision >= this.#base;
  }

  /** Takes note of an event; true where one before it was missed, so that all that is cached must be forgotten. */
  hear(revision: number): boolean {
    if (this.#seen === null) {
      this.#seen = this.#base = revision;
      return false;
    }
    if (revision <= this.#seen) return false;
    const gap = revision > this.#seen + 1;
    this.#seen = revision;
    if (gap) this.#forget(revision);
    return gap;
  }

  /** After everything is forgotten on purpose, by the event of that revision. */
  forgetBefore(revision: number): void {
    this.#forget(Math.max(revision, this.#seen ?? 0));
  }

  /** After a reconnection: nobody knows what was missed. */
  restart(): void {
    this.#seen = null;
    this.#base = 0;
    this.#epoch++;
  }

  #forget(base: number): void {
    this.#base = base;
    this.#epoch++;
  }
}
