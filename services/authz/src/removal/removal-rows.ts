import type { ObjectRef } from '@erato/contracts/authz/object-description';
import { statement } from '@erato/platform/database/statement';
import type { Tx } from '@erato/platform/database/tx';

const ask = statement(
  'INSERT INTO removals (kind, type, id) VALUES ($1, $2, $3) ON CONFLICT ON CONSTRAINT removals_pkey DO NOTHING',
);

/** Asks for the rows on an object, or about a subject, to go; there may be very many. */
export async function askRemoval(tx: Tx, kind: 'object' | 'subject', { type, id }: ObjectRef): Promise<void> {
  await tx.run(ask, [kind, type, id]);
}
