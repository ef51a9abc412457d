import { statement } from '@erato/platform/database/statement';
import type { Tx } from '@erato/platform/database/tx';
import type { PreparedPart } from './part-type.js';
import { partTypes } from './resource-types.js';
import type { ResourceRow } from './resource-view.js';

/** Writes the typed part of a resource that stands. */
export async function writePart(
  tx: Tx,
  { id, type }: Pick<ResourceRow, 'id' | 'type'>,
  part: PreparedPart,
): Promise<void> {
  const own = partTypes[type];
  if (!own) return;
  const set = Object.entries(own.columns).map(([name, sql], at) => `${name} = $${at + 2}::${sql}`);
  await tx.run(statement(`UPDATE ${own.table} SET ${set.join(', ')} WHERE resource_id = $1`), [
    id,
    ...part.values,
  ]);
}
