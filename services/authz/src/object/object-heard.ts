import type { ObjectDescription, ObjectRef } from '@erato/contracts/authz/object-description';
import type { Tx } from '@erato/platform/database/tx';
import { Ledger } from '../ledger/ledger.js';
import { askRemoval } from '../removal/removal-rows.js';
import { buryObject, readObjects, storeObjects } from './object-rows.js';

/**
 * An owning service has stated what an object is, or that it is gone (`object` null). Whoever decides about it is told
 * only where that makes a difference: a new object is in no cache. The rows on what is gone go in the background.
 */
export async function objectHeard(tx: Tx, ref: ObjectRef, object: ObjectDescription | null): Promise<void> {
  const [known] = await readObjects(tx, [ref]);
  if (object !== null) {
    const stored = await storeObjects(tx, [object]);
    if (stored === 0 || !known?.description || same(known.description, object)) return;
  } else if (!(await buryObject(tx, ref))) return;
  const ledger = await Ledger.open(tx);
  ledger.touch({ object: ref });
  // A workspace's key stands for its owner.
  if (ref.type === 'workspace' && known?.description?.ownerId !== object?.ownerId) {
    ledger.touch({ subject: { type: 'workspace', id: ref.id } });
  }
  if (object === null) await askRemoval(tx, 'object', ref);
  await ledger.close();
}

function same(one: ObjectDescription, other: ObjectDescription): boolean {
  return written(one) === written(other);
}

function written({ parents, ownerType, ownerId, everyone, readAs }: ObjectDescription): string {
  return JSON.stringify([parents.map(({ type, id }) => [type, id]), ownerType, ownerId, everyone, readAs]);
}
