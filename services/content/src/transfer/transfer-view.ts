import type { QueryResultRow } from 'pg';
import type { Transfer } from '@erato/contracts/content/transfer';
import type { TransferEntity } from './transfer.entity.js';

/** A transfer with what it shows of its workspace. */
export type TransferRow = TransferEntity &
  QueryResultRow & { readonly workspaceName: string; readonly workspaceSlug: string };

/** What a transfer is, of the row `t`: one that nobody decided in time has expired, whatever its row says. */
export const statusNow = `CASE WHEN t.status = 'pending' AND t.expires_at <= now() THEN 'expired' ELSE t.status END`;

/** The columns of {@link TransferRow}, of the rows `t` and its workspace `w`. */
export const transferColumns = `t.id, t.workspace_id AS "workspaceId", w.name AS "workspaceName",
  w.slug AS "workspaceSlug", t.from_type AS "fromType", t.from_id AS "fromId", t.to_type AS "toType", t.to_id AS "toId",
  ${statusNow} AS status, t.requested_by AS "requestedBy", t.created_at AS "createdAt", t.expires_at AS "expiresAt",
  t.decided_at AS "decidedAt", t.version`;

export const toTransfer = (row: TransferRow): Transfer => ({
  id: row.id,
  workspaceId: row.workspaceId,
  workspaceName: row.workspaceName,
  workspaceSlug: row.workspaceSlug,
  fromType: row.fromType,
  fromId: row.fromId,
  toType: row.toType,
  toId: row.toId,
  status: row.status,
  requestedBy: row.requestedBy,
  createdAt: row.createdAt.toISOString(),
  expiresAt: row.expiresAt.toISOString(),
  decidedAt: row.decidedAt?.toISOString() ?? null,
  version: row.version,
});
