import { Injectable } from '@nestjs/common';
import { Db } from '@erato/platform/database/db';
import { statement } from '@erato/platform/database/statement';
import { Together } from './together.js';
import { resourceColumns, type ResourceRow } from './resource-view.js';

const byIds = statement(`SELECT ${resourceColumns} FROM resources r WHERE r.id = ANY ($1::uuid[])`);
const byShortIds = statement(
  `SELECT ${resourceColumns} FROM resources r WHERE r.short_id = ANY ($1::text[])`,
);

/** Reads of single resources: those of one tick share a statement. */
@Injectable()
export class ResourceReads {
  readonly #byId: Together<ResourceRow>;
  readonly #byShortId: Together<ResourceRow>;

  constructor(db: Db) {
    this.#byId = new Together(
      (ids) => db.rows<ResourceRow>(byIds, [ids]),
      (row) => row.id,
    );
    this.#byShortId = new Together(
      (ids) => db.rows<ResourceRow>(byShortIds, [ids]),
      (row) => row.shortId,
    );
  }

  /** The resource's row, or null. Access is the caller's to decide. */
  find(id: string): Promise<ResourceRow | null> {
    return this.#byId.find(id.toLowerCase());
  }

  findByShortId(shortId: string): Promise<ResourceRow | null> {
    return this.#byShortId.find(shortId);
  }
}
