import { unavailable } from '@erato/contracts/kit/failure';
import { Db } from '@erato/platform/database/db';
import { statement } from '@erato/platform/database/statement';

const now = statement('SELECT value FROM revision');
const pauseMs = 20;

/**
 * Waits until what is read from the database is at least that new (authz.md, `Erato-Consistency`).
 *
 * @throws Failure `unavailable` where that is not so at the deadline
 */
export async function revisionReached(
  db: Db,
  { consistency, deadline }: { consistency?: number; deadline: number },
): Promise<void> {
  if (consistency === undefined) return;
  for (;;) {
    const row = await db.row<{ value: string }>(now, []);
    if (Number(row?.value ?? 0) >= consistency) return;
    if (Date.now() + pauseMs > deadline) {
      throw unavailable({ detail: 'Permissions are not yet as new as wanted.' });
    }
    await new Promise((resolve) => setTimeout(resolve, pauseMs));
  }
}
