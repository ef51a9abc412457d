import { Injectable } from '@nestjs/common';
import type { ListTransfers, Transfer } from '@erato/contracts/content/transfer';
import type { Page } from '@erato/contracts/kit/call';
import type { Context } from '@erato/contracts/kit/context';
import { Db } from '@erato/platform/database/db';
import { statement } from '@erato/platform/database/statement';
import { Keyset } from '@erato/platform/paging/keyset';
import { listOf } from '../access/filters.js';
import { TransferParties } from './transfer-parties.js';
import { statusNow, toTransfer, transferColumns, type TransferRow } from './transfer-view.js';

const byId = statement(`
  SELECT ${transferColumns} FROM workspace_transfers t JOIN workspaces w ON w.id = t.workspace_id WHERE t.id = $1`);

const newestFirst = { column: 't.created_at', descending: true, type: 'timestamptz' } as const;

@Injectable()
export class TransferReads {
  constructor(
    private readonly db: Db,
    private readonly parties: TransferParties,
  ) {}

  find(id: string): Promise<TransferRow | null> {
    return this.db.row<TransferRow>(byId, [id]);
  }

  /** One page of the transfers of those for whom the caller speaks. */
  async list(context: Context, input: ListTransfers): Promise<Page<Transfer>> {
    const parties = await this.parties.all(context);
    const keyset = new Keyset(input, ['transfers', listOf(input)], newestFirst, 3, 't.id');
    const { direction } = input;
    const sides = [
      ...(direction === 'outgoing' ? [] : ['to_id']),
      ...(direction === 'incoming' ? [] : ['from_id']),
    ];
    const mine = sides.map((side) => `SELECT id FROM workspace_transfers WHERE ${side} = ANY ($1::text[])`);
    const from = `FROM workspace_transfers t JOIN workspaces w ON w.id = t.workspace_id
      WHERE t.id IN (${mine.join(' UNION ')}) AND ($2::text[] IS NULL OR ${statusNow} = ANY ($2))`;
    const values = [parties, input.status ?? null];
    const list = `SELECT ${transferColumns} ${from}${keyset.where} ORDER BY ${keyset.order} LIMIT ${keyset.fetch}`;
    const [rows, counted] = await Promise.all([
      this.db.rows<TransferRow>(statement(list), [...values, ...keyset.values]),
      input.count
        ? this.db.row<{ total: number }>(statement(`SELECT count(*)::integer AS total ${from}`), values)
        : null,
    ]);
    const { data, meta } = keyset.page(
      rows,
      ({ createdAt, id }) => ({ value: createdAt.toISOString(), id }),
      toTransfer,
    );
    return { data, meta: { ...meta, ...(counted ? { total: counted.total } : {}) } };
  }
}
