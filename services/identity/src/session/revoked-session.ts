import { sessionRevoked } from '@erato/contracts/identity/events';
import type { Tx } from '@erato/platform/database/tx';
import { statement } from '@erato/platform/database/statement';

const remember = statement(`
  INSERT INTO revoked_sessions (session_id, user_id, revoked_at) VALUES ($1, $2, now()) ON CONFLICT DO NOTHING`);

/** Remembers that a session is over, so that its access token is refused while it would still be good. Once. */
export async function rememberRevokedSession(tx: Tx, sessionId: string, userId: string): Promise<void> {
  if ((await tx.run(remember, [sessionId, userId])) === 0) return;
  tx.emit(sessionRevoked, sessionId, { sessionId, userId });
}
