import { statement, type Statement } from '@erato/platform/database/statement';
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
  await tx.run(setting(own.table, 'resource_id', own.columns), [id, ...part.values]);
  if (own.inRow) await tx.run(setting('resources', 'id', own.inRow), [id, ...(part.inRow ?? [])]);
}

function setting(table: string, key: string, columns: Readonly<Record<string, string>>): Statement {
  const set = Object.entries(columns).map(([name, sql], at) => `${name} = $${at + 2}::${sql}`);
  return statement(`UPDATE ${table} SET ${set.join(', ')} WHERE ${key} = $1`);
}
