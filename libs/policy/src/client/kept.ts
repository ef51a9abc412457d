import { LRUCache } from 'lru-cache';
import { type ObjectRef, objectKey } from '../facts.js';
import type { RevisionTrack } from './revision-track.js';

/** How long an entry lives at most, in milliseconds since it was asked for (authz.md, "Where it runs"). */
export const maxAgeMs = 30_000;

/** Objects and subjects whose last invalidation is remembered one by one. */
const rememberedInvalidations = 20_000;

/** A value with the revision of the state that it shows, and when it was asked for. */
export interface Entry<V> {
  readonly value: V;
  readonly revision: number;
  readonly askedAt: number;
}

/** An entry of one type, and those of other types under the same id. */
interface Held<V> extends Entry<V> {
  readonly type: string;
  readonly next: Held<V> | null;
}

/** Bounds of a cache. The weight of a value is what it holds beside itself: rows, memberships. */
export interface KeptOptions<V> {
  readonly maxEntries: number;
  readonly maxWeight: number;
  readonly weight: (value: V) => number;
}

/**
 * Values by object or subject, dropped by events. A value that was under way while it was invalidated is not kept unless
 * it is at least as new as that; the last invalidations are remembered one by one, older ones by one common bound.
 */
export class Kept<V extends object> {
  /** By id alone, for the reason of `RefMap`. */
  readonly #entries: LRUCache<string, Held<V>>;
  readonly #invalidated: LRUCache<string, number>;
  readonly #track: RevisionTrack;
  #floor = 0;

  constructor(track: RevisionTrack, { maxEntries, maxWeight, weight }: KeptOptions<V>) {
    this.#track = track;
    this.#entries = new LRUCache({
      max: maxEntries,
      maxSize: maxWeight,
      sizeCalculation: (first) => {
        let size = 0;
        for (let one: Held<V> | null = first; one; one = one.next) size += 1 + weight(one.value);
        return size;
      },
    });
    this.#invalidated = new LRUCache({
      max: rememberedInvalidations,
      dispose: (revision, _key, reason) => {
        if (reason === 'evict') this.#floor = Math.max(this.#floor, revision);
      },
    });
  }

  /** The entry, while it is young enough and at least as new as wanted. */
  get({ type, id }: ObjectRef, now: number, wanted: number | undefined): Entry<V> | undefined {
    // Peeks: what is in use is asked for again within its age, which moves it away from the end that makes room.
    const entry = ofType(this.#entries.peek(id), type);
    if (entry === undefined || now - entry.askedAt > maxAgeMs) return undefined;
    return wanted === undefined || this.revisionOf(entry) >= wanted ? entry : undefined;
  }

  /** The revision up to which the entry holds: its own, or that of the last event heard without a gap. */
  revisionOf(entry: Entry<V>): number {
    return Math.max(entry.revision, this.#track.seen ?? 0);
  }

  /** Keeps what came; false where it is older than its last invalidation, so that it must be asked for again. */
  keep(ref: ObjectRef, { value, revision, askedAt }: Entry<V>): boolean {
    if (revision < (this.#invalidated.get(objectKey(ref)) ?? this.#floor)) return false;
    const { type, id } = ref;
    const first = this.#entries.peek(id);
    const known = ofType(first, type);
    if (known === undefined || known.revision <= revision)
      this.#entries.set(id, { type, value, revision, askedAt, next: exceptType(first, type) });
    return true;
  }

  /** Forgets what is older than that revision. */
  drop(ref: ObjectRef, revision: number): void {
    const key = objectKey(ref);
    if (revision > (this.#invalidated.peek(key) ?? 0)) this.#invalidated.set(key, revision);
    const { type, id } = ref;
    const first = this.#entries.peek(id);
    const known = ofType(first, type);
    if (known === undefined || known.revision >= revision) return;
    const others = exceptType(first, type);
    if (others) this.#entries.set(id, others);
    else this.#entries.delete(id);
  }

  /** Forgets everything. What is under way is told apart by the track's epoch. */
  empty(): void {
    this.#entries.clear();
    this.#invalidated.clear();
  }
}

function ofType<V>(first: Held<V> | undefined, type: string): Held<V> | undefined {
  for (let one = first ?? null; one; one = one.next) if (one.type === type) return one;
  return undefined;
}

/** Those of the other types. */
function exceptType<V>(first: Held<V> | null | undefined, type: string): Held<V> | null {
  if (!first) return null;
  const others = exceptType(first.next, type);
  return first.type === type ? others : { ...first, next: others };
}
