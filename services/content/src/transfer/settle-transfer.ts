import { Injectable } from '@nestjs/common';
import { decisions } from '@erato/contracts/authz/decision';
import { workspaceTransferred } from '@erato/contracts/content/events';
import {
  transferExpired,
  transferOver,
  type Transfer,
  type TransferStatus,
} from '@erato/contracts/content/transfer';
import type { Context } from '@erato/contracts/kit/context';
import { notFound } from '@erato/contracts/kit/failure';
import { Db } from '@erato/platform/database/db';
import { statement } from '@erato/platform/database/statement';
import type { Tx } from '@erato/platform/database/tx';
import { BusCaller, ownContext } from '@erato/platform/transport/caller';
import { workspacePath } from '@erato/policy/path';
import { requireVersion } from '@erato/platform/patch/if-match';
import { flagPaths } from '../access/flags.js';
import { Ownership } from '../resource/owner.js';
import { workspaceFact, type WorkspaceRow } from '../workspace/workspace-view.js';
import { lockWorkspace } from '../workspace/workspace-writes.js';
import { TransferParties, type Party } from './transfer-parties.js';
import { TransferReads } from './transfer.reads.js';
import { toTransfer, transferColumns, type TransferRow } from './transfer-view.js';

const lock = statement(`
  SELECT ${transferColumns} FROM workspace_transfers t JOIN workspaces w ON w.id = t.workspace_id WHERE t.id = $1
  FOR UPDATE OF t`);
const settle = statement(`
  UPDATE workspace_transfers SET status = $2, decided_at = $3, version = version + 1 WHERE id = $1`);
const hand = statement(`
  UPDATE workspaces SET owner_type = $2, owner_id = $3, updated_at = $4, version = version + 1,
    access_version = access_version + 1 WHERE id = $1`);

type Work = (tx: Tx, transfer: TransferRow, workspace: WorkspaceRow, now: Date) => Promise<void>;

/** Ends a transfer one way or another, once: of two who decide at the same time the second finds it decided. */
@Injectable()
export class SettleTransfers {
  constructor(
    private readonly db: Db,
    private readonly reads: TransferReads,
    private readonly parties: TransferParties,
    private readonly ownership: Ownership,
    private readonly bus: BusCaller,
  ) {}

  async accept(context: Context, id: string): Promise<Transfer> {
    const transfer = await this.#found(context, id, 'receiver');
    const receiver = { id: transfer.workspaceId, ownerType: transfer.toType, ownerId: transfer.toId };
    await this.ownership.requireUnderCeiling(context, workspacePath(receiver));
    await this.#requireSender(context, transfer);
    return this.#settle(context, transfer, 'accepted', handOver);
  }

  async decline(context: Context, id: string): Promise<Transfer> {
    return this.#settle(context, await this.#found(context, id, 'receiver'), 'declined');
  }

  async cancel(context: Context, id: string): Promise<void> {
    await this.#settle(context, await this.#found(context, id, 'sender'), 'cancelled');
  }

  async #found(context: Context, id: string, by: Party): Promise<TransferRow> {
    const transfer = await this.reads.find(id);
    if (!transfer) throw notFound();
    await this.parties.require(context, transfer, by);
    return transfer;
  }

  /** Who offered it must still be able to: an admin who has left the organization since has nothing to give. */
  async #requireSender(context: Context, { requestedBy, workspaceId }: TransferRow): Promise<void> {
    if (requestedBy === null) return;
    const subject = { subjectType: 'user' as const, subjectId: requestedBy, scopes: [] };
    const checks = [{ action: 'admin', object: { type: 'workspace', id: workspaceId } }];
    const { results } = await this.bus.call(decisions.check, { subject, checks }, ownContext(context));
    if (!results[0]?.allowed) throw transferOver({ detail: 'Who offered it may not do so any more.' });
  }

  /** The workspace is locked before its transfer, as by everything that ends either. */
  #settle(context: Context, found: TransferRow, status: TransferStatus, work?: Work): Promise<Transfer> {
    return this.db.transaction(context, async (tx) => {
      const workspace = await lockWorkspace(tx, found.workspaceId);
      const transfer = workspace && (await tx.row<TransferRow>(lock, [found.id]));
      if (!transfer) throw notFound();
      requireVersion(context, transfer);
      if (transfer.status === 'expired') throw transferExpired();
      const moved = workspace.ownerId !== transfer.fromId || workspace.ownerType !== transfer.fromType;
      if (transfer.status !== 'pending' || moved) throw transferOver();
      const now = new Date();
      await tx.run(settle, [transfer.id, status, now]);
      await work?.(tx, transfer, workspace, now);
      return toTransfer({ ...transfer, status, decidedAt: now, version: transfer.version + 1 });
    });
  }
}

/** The workspace has another owner: what permissions say on the new owner's side counts for it from now on. */
async function handOver(tx: Tx, transfer: TransferRow, workspace: WorkspaceRow, now: Date): Promise<void> {
  const { toType: ownerType, toId: ownerId } = transfer;
  await tx.run(hand, [workspace.id, ownerType, ownerId, now]);
  await flagPaths(tx, { workspaces: [workspace.id], resources: [], organizations: [] });
  const { version, accessVersion } = workspace;
  const next = { ...workspace, ownerType, ownerId, version: version + 1, accessVersion: accessVersion + 1 };
  const { fromType, fromId } = transfer;
  tx.emit(workspaceTransferred, workspace.id, { ...workspaceFact(next), fromType, fromId });
}
