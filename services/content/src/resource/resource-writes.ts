import { Injectable } from '@nestjs/common';
import { resourceUpdated } from '@erato/contracts/content/events';
import type { Context } from '@erato/contracts/kit/context';
import { notFound } from '@erato/contracts/kit/failure';
import { Db } from '@erato/platform/database/db';
import { statement } from '@erato/platform/database/statement';
import type { Tx } from '@erato/platform/database/tx';
import { Policy } from '@erato/policy/client/policy';
import { requireVersion } from '@erato/platform/patch/if-match';
import { resourceTarget } from '../access/targets.js';
import { keepRevision } from '../revision/keep-revision.js';
import { resourceFact } from './resource-facts.js';
import { resourceColumns, type ResourceRow } from './resource-view.js';

const lock = statement(`SELECT ${resourceColumns} FROM resources r WHERE r.id = $1 FOR UPDATE`);
/** A write to a part moves the object's version (http.md, Concurrency). */
const touch = statement(
  'UPDATE resources SET version = version + 1, access_version = access_version + 1, updated_at = $2 WHERE id = $1',
);

const touchAll = statement(`
  UPDATE resources r SET version = version + 1, access_version = access_version + 1, updated_at = now()
  WHERE id = ANY ($1::uuid[]) RETURNING ${resourceColumns}`);

/** Reads the row and locks it until the end of the transaction. */
export const lockResource = (tx: Tx, id: string): Promise<ResourceRow | null> =>
  tx.row<ResourceRow>(lock, [id]);

/** The frame of every write to a resource that stands. */
@Injectable()
export class ResourceWrites {
  constructor(
    private readonly db: Db,
    private readonly policy: Policy,
  ) {}

  /** Locks the resource, decides, holds it to If-Match, and then does the work, all in one transaction. */
  change<T>(
    context: Context,
    id: string,
    action: 'update' | 'delete',
    work: (tx: Tx, row: ResourceRow) => Promise<T>,
  ): Promise<T> {
    return this.db.transaction(context, async (tx) => {
      const row = await lockResource(tx, id);
      if (!row) throw notFound();
      await this.policy.require(context, action, resourceTarget(row));
      requireVersion(context, row);
      return work(tx, row);
    });
  }

  /** A change to a part of it (links, tracks): keeps what it replaces, moves its version and tells of it. */
  changePart<T>(context: Context, id: string, work: (tx: Tx, row: ResourceRow) => Promise<T>): Promise<T> {
    return this.change(context, id, 'update', async (tx, row) => {
      await keepRevision(tx, row);
      const value = await work(tx, row);
      const moved = await touchResource(tx, row);
      tx.emit(resourceUpdated, row.id, resourceFact(moved));
      return value;
    });
  }
}

/** Moves the resource's version, and gives the row as it is then. */
export async function touchResource(tx: Tx, row: ResourceRow): Promise<ResourceRow> {
  const updatedAt = new Date();
  await tx.run(touch, [row.id, updatedAt]);
  return { ...row, updatedAt, version: row.version + 1, accessVersion: row.accessVersion + 1 };
}

/** The same of many that the transaction holds locked. */
export const touchResources = (tx: Tx, ids: readonly string[]): Promise<ResourceRow[]> =>
  tx.rows<ResourceRow>(touchAll, [ids]);
