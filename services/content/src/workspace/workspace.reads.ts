import { Injectable } from '@nestjs/common';
import { Db } from '@erato/platform/database/db';
import { statement } from '@erato/platform/database/statement';
import { Together } from '../resource/together.js';
import { workspaceColumns, type WorkspaceRow } from './workspace-view.js';

const byIds = statement(`SELECT ${workspaceColumns} FROM workspaces r WHERE r.id = ANY ($1::uuid[])`);
const bySlugs = statement(`SELECT ${workspaceColumns} FROM workspaces r WHERE r.slug = ANY ($1::text[])`);

/** Reads of single workspaces: those of one tick share a statement. */
@Injectable()
export class WorkspaceReads {
  readonly #byId: Together<WorkspaceRow>;
  readonly #bySlug: Together<WorkspaceRow>;

  constructor(db: Db) {
    this.#byId = new Together(
      (ids) => db.rows<WorkspaceRow>(byIds, [ids]),
      (row) => row.id,
    );
    this.#bySlug = new Together(
      (slugs) => db.rows<WorkspaceRow>(bySlugs, [slugs]),
      (row) => row.slug,
    );
  }

  /** The workspace's row, or null. Access is the caller's to decide. */
  find(id: string): Promise<WorkspaceRow | null> {
    return this.#byId.find(id.toLowerCase());
  }

  findBySlug(slug: string): Promise<WorkspaceRow | null> {
    return this.#bySlug.find(slug);
  }

  /** Those of the ids that exist, by id. */
  async findAll(ids: readonly string[]): Promise<ReadonlyMap<string, WorkspaceRow>> {
    const rows = await Promise.all(ids.map((id) => this.find(id)));
    return new Map(rows.flatMap((row) => (row ? [[row.id, row]] : [])));
  }
}
