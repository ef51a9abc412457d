import type { ObjectDescription, ObjectRef } from '@erato/contracts/authz/object-description';
import type { Tx } from '@erato/platform/database/tx';
import { objectKey } from '@erato/policy/facts';
import { Ledger } from '../ledger/ledger.js';
import { askRemoval } from '../removal/removal-rows.js';
import { buryObject, readObjects, storeObjects } from './object-rows.js';

/**
 * An owning service has stated what an object is, or that it is gone (`object` null). Whoever decides about it is told
 * only where that makes a difference: a new object is in no cache. The rows on what is gone go in the background.
 */
export async function objectHeard(tx: Tx, ref: ObjectRef, object: ObjectDescription | null): Promise<void> {
  if (object) return objectsHeard(tx, [object]);
  const [known] = await readObjects(tx, [ref]);
  if (!(await buryObject(tx, ref))) return;
  const ledger = await Ledger.open(tx);
  touch(ledger, ref, known?.description ?? null, null);
  await askRemoval(tx, 'object', ref);
  await ledger.close();
}

/** The same for several at once, each another object. */
export async function objectsHeard(tx: Tx, objects: readonly ObjectDescription[]): Promise<void> {
  const stated = new Map(objects.map((object) => [objectKey(object), object]));
  const known = new Map((await readObjects(tx, objects)).map((row) => [objectKey(row.ref), row.description]));
  const moved = (await storeObjects(tx, objects)).flatMap((ref) => {
    const [before, after] = [known.get(objectKey(ref)), stated.get(objectKey(ref))];
    return before && after && !same(before, after) ? [{ ref, before, after }] : [];
  });
  if (moved.length === 0) return;
  const ledger = await Ledger.open(tx);
  for (const { ref, before, after } of moved) touch(ledger, ref, before, after);
  await ledger.close();
}

function touch(
  ledger: Ledger,
  ref: ObjectRef,
  before: ObjectDescription | null,
  after: ObjectDescription | null,
): void {
  ledger.touch({ object: ref });
  // A workspace's key stands for its owner.
  if (ref.type === 'workspace' && before?.ownerId !== after?.ownerId) {
    ledger.touch({ subject: { type: 'workspace', id: ref.id } });
  }
}

function same(one: ObjectDescription, other: ObjectDescription): boolean {
  return written(one) === written(other);
}

function written({ parents, ownerType, ownerId, everyone, readAs }: ObjectDescription): string {
  return JSON.stringify([parents.map(({ type, id }) => [type, id]), ownerType, ownerId, everyone, readAs]);
}
