import type { Tx } from '@erato/platform/database/tx';
import { statement } from '@erato/platform/database/statement';

const bury = statement('INSERT INTO tombstones (id) VALUES ($1) ON CONFLICT DO NOTHING');
const find = statement('SELECT 1 FROM tombstones WHERE id = $1');

/** WorkOS' Events API keeps events for 90 days at most; what is older cannot come again. */
export const forgetTombstones = statement(
  `DELETE FROM tombstones WHERE deleted_at < now() - interval '100 days'`,
);

/** Remembers that an organization or a membership is gone, so that an older event does not bring it back. */
export const rememberDeleted = (tx: Tx, id: string): Promise<number> => tx.run(bury, [id]);

export const wasDeleted = async (tx: Tx, id: string): Promise<boolean> => (await tx.row(find, [id])) !== null;
