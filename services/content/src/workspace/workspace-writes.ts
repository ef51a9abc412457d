import { Injectable } from '@nestjs/common';
import { workspaceUpdated } from '@erato/contracts/content/events';
import type { Context } from '@erato/contracts/kit/context';
import { notFound } from '@erato/contracts/kit/failure';
import { Db } from '@erato/platform/database/db';
import { statement } from '@erato/platform/database/statement';
import type { Tx } from '@erato/platform/database/tx';
import { Policy } from '@erato/policy/client/policy';
import { requireVersion } from '@erato/platform/patch/if-match';
import { workspaceTarget } from '../access/targets.js';
import { workspaceColumns, workspaceFact, type WorkspaceRow } from './workspace-view.js';

const lock = statement(`SELECT ${workspaceColumns} FROM workspaces r WHERE r.id = $1 FOR UPDATE`);
const touch = statement(
  'UPDATE workspaces SET version = version + 1, access_version = access_version + 1, updated_at = $2 WHERE id = $1',
);

/** Reads the row and locks it until the end of the transaction. */
export const lockWorkspace = (tx: Tx, id: string): Promise<WorkspaceRow | null> =>
  tx.row<WorkspaceRow>(lock, [id]);

/** The frame of every write to a workspace that stands. */
@Injectable()
export class WorkspaceWrites {
  constructor(
    private readonly db: Db,
    private readonly policy: Policy,
  ) {}

  /** Locks the workspace, decides, holds it to If-Match, and then does the work, all in one transaction. */
  change<T>(
    context: Context,
    id: string,
    action: 'update' | 'delete',
    work: (tx: Tx, row: WorkspaceRow) => Promise<T>,
  ): Promise<T> {
    return this.db.transaction(context, async (tx) => {
      const row = await lockWorkspace(tx, id);
      if (!row) throw notFound();
      await this.policy.require(context, action, workspaceTarget(row));
      requireVersion(context, row);
      return work(tx, row);
    });
  }

  /** A change to a part of it (its links): moves its version and tells of it. */
  changePart<T>(context: Context, id: string, work: (tx: Tx, row: WorkspaceRow) => Promise<T>): Promise<T> {
    return this.change(context, id, 'update', async (tx, row) => {
      const value = await work(tx, row);
      const updatedAt = new Date();
      await tx.run(touch, [row.id, updatedAt]);
      const moved = { ...row, updatedAt, version: row.version + 1, accessVersion: row.accessVersion + 1 };
      tx.emit(workspaceUpdated, row.id, workspaceFact(moved));
      return value;
    });
  }
}
