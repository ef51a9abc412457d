import type { Handlers, Page } from '@erato/contracts/kit/call';
import type { Context } from '@erato/contracts/kit/context';
import { notFound, permissionDenied } from '@erato/contracts/kit/failure';
import {
  sessions,
  type ListSessions,
  type RevokeSession,
  type Session,
} from '@erato/contracts/identity/session';
import { Serves } from '@erato/platform/transport/serves';
import { ListCursor } from '../workos/list-cursor.js';
import { isWorkosId, type WorkosSession } from '../workos/objects.js';
import { unlessMissing } from '../workos/refusal.js';
import { Workos } from '../workos/workos.js';
import { WorkosWrites } from '../workos/workos-write.js';
import { rememberRevokedSession } from './revoked-session.js';

/** How many of one's sessions are looked through for one that is to end. */
const pages = 5;

/** The caller's sessions, which WorkOS keeps. */
@Serves(sessions)
export class SessionHandlers implements Handlers<typeof sessions> {
  constructor(
    private readonly workos: Workos,
    private readonly writes: WorkosWrites,
  ) {}

  async list(input: ListSessions, context: Context): Promise<Page<Session>> {
    const userId = userOf(context);
    const cursor = new ListCursor(input, ['sessions', userId]);
    const listed = await this.workos.ask(context, (sdk) =>
      sdk.userManagement.listSessions(userId, { ...cursor.options, order: 'desc' }),
    );
    return cursor.page(
      listed.data.map((session) => view(session, context)),
      listed.listMetadata,
    );
  }

  async revoke({ id }: RevokeSession, context: Context): Promise<void> {
    const { subjectType, subjectId: userId } = context.caller;
    if (subjectType !== 'user') throw notFound();
    if (!isWorkosId('session', id) || !(await this.#isOwn(context, userId, id))) throw notFound();
    await this.writes.run(context, 'the end of the session in Erato', async (tx, atWorkos) => {
      await atWorkos('the end of the session', (sdk) =>
        unlessMissing(sdk.userManagement.revokeSession({ sessionId: id })),
      );
      await rememberRevokedSession(tx, id, userId);
    });
  }

  async #isOwn(context: Context, userId: string, id: string): Promise<boolean> {
    if (context.caller.sessionId === id) return true;
    let after: string | undefined;
    for (let read = 0; read < pages; read++) {
      const listed = await this.workos.ask(context, (sdk) =>
        sdk.userManagement.listSessions(userId, { limit: 100, order: 'desc', ...(after ? { after } : {}) }),
      );
      if (listed.data.some((session) => session.id === id)) return true;
      after = listed.listMetadata.after ?? undefined;
      if (after === undefined) return false;
    }
    return false;
  }
}

function userOf({ caller }: Context): string {
  if (caller.subjectType !== 'user') throw permissionDenied({ detail: 'Only users have sessions.' });
  return caller.subjectId;
}

function view(session: WorkosSession, { caller }: Context): Session {
  return {
    id: session.id,
    current: session.id === caller.sessionId,
    status: session.status,
    authMethod: session.authMethod,
    organizationId: session.organizationId ?? null,
    ipAddress: session.ipAddress,
    userAgent: session.userAgent?.slice(0, 1000) ?? null,
    createdAt: session.createdAt,
    expiresAt: session.expiresAt,
  };
}
