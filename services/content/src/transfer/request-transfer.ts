import { Injectable } from '@nestjs/common';
import { v7 as uuidv7 } from 'uuid';
import { unknownSubject } from '@erato/contracts/authz/permission';
import {
  transferDays,
  transferPending,
  type RequestTransfer,
  type Transfer,
} from '@erato/contracts/content/transfer';
import { principals } from '@erato/contracts/identity/principal';
import type { Context } from '@erato/contracts/kit/context';
import { invalidField, notFound, permissionDenied } from '@erato/contracts/kit/failure';
import { Db } from '@erato/platform/database/db';
import { statement } from '@erato/platform/database/statement';
import { BusCaller, ownContext } from '@erato/platform/transport/caller';
import { Policy } from '@erato/policy/client/policy';
import { requireVersion } from '@erato/platform/patch/if-match';
import { workspaceTarget } from '../access/targets.js';
import { lockWorkspace } from '../workspace/workspace-writes.js';
import type { WorkspaceRow } from '../workspace/workspace-view.js';
import { WorkspaceReads } from '../workspace/workspace.reads.js';
import { TransferEntity } from './transfer.entity.js';
import { toTransfer } from './transfer-view.js';

const dayMs = 86_400_000;

const expire = statement(`
  UPDATE workspace_transfers SET status = 'expired', version = version + 1
  WHERE workspace_id = $1 AND status = 'pending' AND expires_at <= now()`);
const pending = statement(
  `SELECT id FROM workspace_transfers WHERE workspace_id = $1 AND status = 'pending'`,
);

/** Offers a workspace to another owner: by its owner, and by him alone (content.md, Routes). */
@Injectable()
export class RequestTransfers {
  constructor(
    private readonly db: Db,
    private readonly policy: Policy,
    private readonly workspaces: WorkspaceReads,
    private readonly bus: BusCaller,
  ) {}

  async run(context: Context, input: RequestTransfer): Promise<Transfer> {
    const standing = await this.workspaces.find(input.id);
    if (!standing) throw notFound();
    await this.#requireOwner(context, standing);
    requireVersion(context, standing);
    requireAnother(input, standing);
    await this.#requireReceiver(context, input);
    return this.db.transaction(context, async (tx) => {
      const workspace = await lockWorkspace(tx, input.id);
      if (!workspace) throw notFound();
      await this.#requireOwner(context, workspace);
      requireAnother(input, workspace);
      requireVersion(context, workspace);
      await tx.run(expire, [workspace.id]);
      const open = await tx.row<{ id: string }>(pending, [workspace.id]);
      if (open) throw transferPending({ extra: { transferId: open.id } });
      const row = rowOf(context, input, workspace);
      await tx.insert(TransferEntity, row);
      return toTransfer({ ...row, workspaceName: workspace.name, workspaceSlug: workspace.slug });
    });
  }

  /** A workspace's own key stands for it, not for who owns it; a member with the role `admin` does not own it either. */
  async #requireOwner(context: Context, workspace: WorkspaceRow): Promise<void> {
    const { rule } = await this.policy.require(context, 'admin', workspaceTarget(workspace));
    const owns = rule === 'administrator' || (rule === 'owner' && context.caller.subjectType !== 'workspace');
    if (!owns) throw permissionDenied({ detail: 'Only its owner transfers a workspace.' });
  }

  async #requireReceiver(context: Context, { toType: type, toId: id }: RequestTransfer): Promise<void> {
    const known = await this.bus.call(principals.find, { subjects: [{ type, id }] }, ownContext(context));
    if (known.some((subject) => subject.type === type && subject.id === id && !subject.home)) return;
    throw unknownSubject({ errors: [{ path: 'toId', code: 'unknown_subject', message: 'is not known' }] });
  }
}

function requireAnother(
  { toType, toId }: RequestTransfer,
  { ownerType, ownerId }: Pick<WorkspaceRow, 'ownerType' | 'ownerId'>,
): void {
  if (toType === ownerType && toId === ownerId) throw invalidField('toId', 'same_owner', 'owns it already');
}

function rowOf(
  { caller }: Context,
  { toType, toId }: RequestTransfer,
  { id: workspaceId, ownerType: fromType, ownerId: fromId }: WorkspaceRow,
): TransferEntity {
  const createdAt = new Date();
  const speaks = caller.subjectType === 'user' && !caller.scopes.includes('admin');
  return {
    ...{ id: uuidv7(), workspaceId, fromType, fromId, toType, toId },
    status: 'pending',
    requestedBy: speaks ? caller.subjectId : null,
    createdAt,
    expiresAt: new Date(createdAt.getTime() + transferDays * dayMs),
    decidedAt: null,
    version: 1,
  };
}
