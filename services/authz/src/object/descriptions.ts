import { Injectable } from '@nestjs/common';
import type { ObjectDescription, ObjectRef } from '@erato/contracts/authz/object-description';
import { Db } from '@erato/platform/database/db';
import { FactsCache, type Wanted } from '@erato/policy/client/facts-cache';
import { Kept } from '@erato/policy/client/kept';
import type { Target } from '@erato/policy/client/policy';
import { objectKey } from '@erato/policy/facts';
import { parentsToKnow, targetOf } from './object-path.js';
import { DescribeObjects } from './describe-objects.js';
import { readObjects, type Reader } from './object-rows.js';

type Found = Map<string, ObjectDescription>;

/**
 * What is known of objects beside their rows: from memory, else from the table `objects`, else from the service that
 * owns the type, which is asked once for all that are missing (authz.md, Tables).
 */
@Injectable()
export class Descriptions {
  readonly #kept: Kept<ObjectDescription>;

  constructor(
    private readonly db: Db,
    private readonly describe: DescribeObjects,
    private readonly cache: FactsCache,
  ) {
    this.#kept = new Kept(cache.track, {
      maxEntries: 100_000,
      maxWeight: 400_000,
      weight: ({ parents }) => parents.length,
    });
    cache.follow(this.#kept);
  }

  /**
   * What decisions about these objects need, by key; one that does not exist is not in it.
   *
   * @throws Failure `unavailable` where the owning service cannot be asked
   */
  async targets(refs: readonly ObjectRef[], wanted: Wanted): Promise<Map<string, Target>> {
    return collectTargets(refs, (wave) => this.#of(wave, wanted));
  }

  /** The same as the database has it in a transaction, for objects that {@link targets} has found before. */
  targetsIn(reader: Reader, refs: readonly ObjectRef[]): Promise<Map<string, Target>> {
    return collectTargets(refs, async (wave) => {
      const rows = await readObjects(reader, wave);
      return new Map(
        rows.flatMap(({ ref, description }) => (description ? [[objectKey(ref), description]] : [])),
      );
    });
  }

  #of(refs: readonly ObjectRef[], wanted: Wanted): Found | Promise<Found> {
    const now = Date.now();
    const found: Found = new Map();
    const missing: ObjectRef[] = [];
    for (const ref of refs) {
      const entry = this.#kept.get(ref, now, wanted.consistency);
      if (entry) found.set(objectKey(ref), entry.value);
      else missing.push(ref);
    }
    return missing.length === 0 ? found : this.#load(found, missing, wanted);
  }

  async #load(found: Found, missing: readonly ObjectRef[], wanted: Wanted): Promise<Found> {
    const { epoch } = this.cache.track;
    const askedAt = Date.now();
    const rows = await readObjects(this.db, missing);
    const unknown = rows.filter(({ description, deleted }) => !description && !deleted).map(({ ref }) => ref);
    const described = unknown.length === 0 ? [] : await this.describe.ask(unknown, wanted);
    const revision = rows[0]?.revision ?? 0;
    for (const description of [...rows.flatMap((row) => row.description ?? []), ...described]) {
      found.set(objectKey(description), description);
      if (epoch === this.cache.track.epoch)
        this.#kept.keep(description, { value: description, revision, askedAt });
    }
    return found;
  }
}

/** Objects, their parents, and so on, wave by wave. */
async function collectTargets(
  refs: readonly ObjectRef[],
  find: (wave: readonly ObjectRef[]) => Found | Promise<Found>,
): Promise<Map<string, Target>> {
  const known: Found = new Map();
  let wave: readonly ObjectRef[] = [...new Map(refs.map((ref) => [objectKey(ref), ref])).values()];
  for (let depth = 0; wave.length > 0 && depth < 12; depth++) {
    const found = await find(wave);
    for (const [key, description] of found) known.set(key, description);
    const next = [...found.values()].flatMap(parentsToKnow).filter((ref) => !known.has(objectKey(ref)));
    wave = [...new Map(next.map((ref) => [objectKey(ref), ref])).values()];
  }
  const targets = new Map<string, Target>();
  for (const ref of refs) {
    const target = targetOf(ref, (each) => known.get(objectKey(each)));
    if (target) targets.set(objectKey(ref), target);
  }
  return targets;
}
