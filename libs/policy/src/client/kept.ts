import { LRUCache } from 'lru-cache';
import type { RevisionTrack } from './revision-track.js';

/** How long an entry lives at most, in milliseconds since it was asked for (authz.md, "Where it runs"). */
export const maxAgeMs = 30_000;

/** Keys whose last invalidation is remembered one by one. */
const rememberedInvalidations = 20_000;

/** A value with the revision of the state that it shows, and when it was asked for. */
export interface Entry<V> {
  readonly value: V;
  readonly revision: number;
  readonly askedAt: number;
}

/** Bounds of a cache. The weight of a value is what it holds beside itself: rows, memberships. */
export interface KeptOptions<V> {
  readonly maxEntries: number;
  readonly maxWeight: number;
  readonly weight: (value: V) => number;
}

/**
 * Values by key, dropped by events. A value that was under way while its key was invalidated is not kept unless it is
 * at least as new as that; the last invalidations are remembered by key, older ones by one common bound.
 */
export class Kept<V extends object> {
  readonly #entries: LRUCache<string, Entry<V>>;
  readonly #invalidated: LRUCache<string, number>;
  readonly #track: RevisionTrack;
  #floor = 0;

  constructor(track: RevisionTrack, { maxEntries, maxWeight, weight }: KeptOptions<V>) {
    this.#track = track;
    this.#entries = new LRUCache({
      max: maxEntries,
      maxSize: maxWeight,
      sizeCalculation: (entry) => 1 + weight(entry.value),
    });
    this.#invalidated = new LRUCache({
      max: rememberedInvalidations,
      dispose: (revision, _key, reason) => {
        if (reason === 'evict') this.#floor = Math.max(this.#floor, revision);
      },
    });
  }

  get size(): number {
    return this.#entries.size;
  }

  /** The entry, while it is young enough and at least as new as wanted. */
  get(key: string, now: number, wanted: number | undefined): Entry<V> | undefined {
    const entry = this.#entries.get(key);
    if (entry === undefined || now - entry.askedAt > maxAgeMs) return undefined;
    return wanted === undefined || this.revisionOf(entry) >= wanted ? entry : undefined;
  }

  /** The revision up to which the entry holds: its own, or that of the last event heard without a gap. */
  revisionOf(entry: Entry<V>): number {
    return Math.max(entry.revision, this.#track.seen ?? 0);
  }

  /** Keeps what came; false where it is older than the last invalidation of its key, so that it must be asked for again. */
  keep(key: string, entry: Entry<V>): boolean {
    if (entry.revision < (this.#invalidated.get(key) ?? this.#floor)) return false;
    const known = this.#entries.peek(key);
    if (known === undefined || known.revision <= entry.revision) this.#entries.set(key, entry);
    return true;
  }

  /** Forgets what is older than that revision. */
  drop(key: string, revision: number): void {
    if (revision > (this.#invalidated.peek(key) ?? 0)) this.#invalidated.set(key, revision);
    const known = this.#entries.peek(key);
    if (known !== undefined && known.revision < revision) this.#entries.delete(key);
  }

  /** Forgets everything. What is under way is told apart by the track's epoch. */
  empty(): void {
    this.#entries.clear();
    this.#invalidated.clear();
  }
}
