import { Injectable } from '@nestjs/common';
import type { Resource, UpdateResource } from '@erato/contracts/content/resource';
import type { Context } from '@erato/contracts/kit/context';
import { invalidField, notFound } from '@erato/contracts/kit/failure';
import type { Tx } from '@erato/platform/database/tx';
import { Policy } from '@erato/policy/client/policy';
import { resourceTarget } from '../access/targets.js';
import { Renderer } from '../post/renderer.js';
import { keepRevision } from '../revision/keep-revision.js';
import type { PreparedPart } from './part-type.js';
import { partNames, partTypes } from './resource-types.js';
import { ResourceReads } from './resource.reads.js';
import { ResourceWrites } from './resource-writes.js';
import { toResource, type ResourceRow } from './resource-view.js';
import { writeFields, type Patch } from './write-fields.js';

/** Changes fields of a resource by a merge patch, its typed part among them (content.md, Routes). */
@Injectable()
export class UpdateResources {
  constructor(
    private readonly writes: ResourceWrites,
    private readonly reads: ResourceReads,
    private readonly policy: Policy,
    private readonly renderer: Renderer,
  ) {}

  async run(context: Context, input: UpdateResource): Promise<Resource> {
    const { id, ...patch } = input;
    const prepared = await this.prepare(context, id, patch);
    return this.writes.change(context, id, 'update', async (tx, row) => {
      if (Object.keys(patch).length === 0) return toResource(row);
      await keepRevision(tx, row);
      return toResource(await this.write(tx, row, patch, prepared));
    });
  }

  /** Renders before the row is locked: that can take a while. */
  async prepare(context: Context, id: string, patch: Patch): Promise<Prepared | null> {
    if (!partNames.some((name) => patch[name] !== undefined)) return null;
    const standing = await this.reads.find(id);
    if (!standing) throw notFound();
    await this.policy.require(context, 'update', resourceTarget(standing));
    return { from: standing.version, part: await this.#patch(standing, patch) };
  }

  /** Writes what was prepared to the row that the transaction holds; where the part has moved on since, it is rendered once more. */
  async write(tx: Tx, row: ResourceRow, patch: Patch, prepared: Prepared | null): Promise<ResourceRow> {
    const isCurrent = prepared === null || prepared.from === row.version;
    return writeFields(tx, row, patch, isCurrent ? (prepared?.part ?? null) : await this.#patch(row, patch));
  }

  async #patch(row: ResourceRow, patch: Patch): Promise<PreparedPart> {
    const own = partTypes[row.type];
    const foreign = partNames.find((name) => patch[name] !== undefined && name !== own?.part);
    if (foreign)
      throw invalidField(foreign, 'not_allowed', `a resource of type ${row.type} has no such part`);
    const given = own && patch[own.part];
    if (!own || !given || !row.part) throw notFound();
    return own.patch(row.part, given, own.part, { renderer: this.renderer });
  }
}

interface Prepared {
  /** The version on which it was made. */
  readonly from: number;
  readonly part: PreparedPart;
}
