import type { Tx } from '@erato/platform/database/tx';
import { statement } from '@erato/platform/database/statement';

const begin = statement(
  'INSERT INTO erasures (user_id, requested_at) VALUES ($1, $2) ON CONFLICT DO NOTHING',
);
const complete = statement(`
  INSERT INTO erasure_completions (user_id, service, completed_at) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING`);

/** Remembers that a user was deleted; his id is all that is kept, and names nobody any more. */
export async function beginErasure(tx: Tx, userId: string, at: Date): Promise<void> {
  await tx.run(begin, [userId, at]);
}

/** A service holds nothing of him any more. Said again it changes nothing. */
export async function completeErasure(tx: Tx, userId: string, service: string, at: Date): Promise<void> {
  await tx.run(complete, [userId, service, at]);
}
