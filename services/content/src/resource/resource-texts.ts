import { Injectable } from '@nestjs/common';
import type { Resource } from '@erato/contracts/content/resource';
import type { ResourceType } from '@erato/contracts/content/resource-parts';
import type { OwnerType } from '@erato/contracts/content/workspace';
import type { Context } from '@erato/contracts/kit/context';
import { notFound } from '@erato/contracts/kit/failure';
import { Db } from '@erato/platform/database/db';
import { idsOf } from '@erato/platform/database/row-text';
import { statement } from '@erato/platform/database/statement';
import { written } from '@erato/platform/transport/server';
import { Policy } from '@erato/policy/client/policy';
import { resourceTarget } from '../access/targets.js';
import { partTypes } from './resource-types.js';
import { partJson } from './resource-view.js';
import { Together } from './together.js';

/** The access path, the part, and the summary that the row keeps, as texts. */
type Row = readonly [
  id: string,
  shortId: string,
  type: ResourceType,
  ownerType: OwnerType,
  ownerId: string,
  publishedAt: string | null,
  version: string,
  authorWorkspaces: string,
  authorUsers: string,
  open: 't' | 'f',
  part: string | null,
  summary: string,
];

const select = (type: ResourceType): string =>
  `SELECT r.id, r.short_id, r.type, r.owner_type, r.owner_id, r.published_at, r.version, r.author_workspaces,
    to_json(r.author_users), r.open, ${partJson([type])}, r.json FROM resources r`;

/**
 * The type that most reads are of: its part comes with the row. A row of another type that has a part is read once more by
 * that type's statement, since one statement for all would cost every read 7 µs for each type, whichever the row has.
 */
const common = 'post' satisfies ResourceType;
const byIds = (type: ResourceType) => statement(`${select(type)} WHERE r.id = ANY ($1::uuid[])`);
const byShortIds = statement(`${select(common)} WHERE r.short_id = ANY ($1::text[])`);

/**
 * Resources as their routes show them with nothing included, the hottest read of all: JSON is put together from the texts
 * of the row, and only what decides who may read it is looked at. {@link toResource} says the same with objects.
 */
@Injectable()
export class ResourceTexts {
  readonly #byType = new Map<ResourceType, Together<Row>>();
  readonly #byShortId: Together<Row>;

  constructor(
    private readonly db: Db,
    private readonly policy: Policy,
  ) {
    this.#byShortId = new Together(
      (ids) => db.texts<Row>(byShortIds, [ids]),
      ([, shortId]) => shortId,
    );
  }

  async get(context: Context, id: string): Promise<Resource> {
    return this.#readable(context, await this.#byId(common).find(id.toLowerCase()));
  }

  async getByShortId(context: Context, shortId: string): Promise<Resource> {
    return this.#readable(context, await this.#byShortId.find(shortId));
  }

  async #readable(context: Context, found: Row | null): Promise<Resource> {
    const row = !found || isWhole(found) ? found : await this.#byId(found[2]).find(found[0]);
    if (!row) throw notFound();
    const [id, , , ownerType, ownerId, publishedAt, version, workspaces, users, open] = row;
    await this.policy.require(
      context,
      'read',
      resourceTarget({
        id,
        ownerType,
        ownerId,
        publishedAt,
        open: open === 't',
        authorWorkspaces: idsOf(workspaces),
        authorUsers: users === '[]' ? noUsers : (JSON.parse(users) as string[]),
      }),
    );
    return written<Resource>(jsonOf(row), Number(version));
  }

  /** Reads rows with the part of this type; row and part are of one moment. */
  #byId(type: ResourceType): Together<Row> {
    let found = this.#byType.get(type);
    if (!found) {
      const statement = byIds(type);
      found = new Together(
        (ids) => this.db.texts<Row>(statement, [ids]),
        ([id]) => id,
      );
      this.#byType.set(type, found);
    }
    return found;
  }
}

const noUsers: readonly string[] = [];

const isWhole = ([, , type]: Row): boolean => type === common || !partTypes[type];

/** The part stands behind what all resources have. */
function jsonOf([, , type, , , , , , , , part, summary]: Row): string {
  const name = partTypes[type]?.part;
  return name === undefined || !part ? summary : `${summary.slice(0, -1)},"${name}":${part}}`;
}
