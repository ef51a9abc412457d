import { Injectable } from '@nestjs/common';
import type { Context } from '@erato/contracts/kit/context';
import { notFound } from '@erato/contracts/kit/failure';
import { Policy } from '@erato/policy/client/policy';
import { resourceTarget } from '../access/targets.js';
import { ResourceReads } from './resource.reads.js';
import type { ResourceRow } from './resource-view.js';

/** Resources as callers may read them: what is not there and what may not be read are one answer. */
@Injectable()
export class ReadableResources {
  constructor(
    private readonly reads: ResourceReads,
    private readonly policy: Policy,
  ) {}

  async get(context: Context, id: string): Promise<ResourceRow> {
    return this.#require(context, 'read', await this.reads.find(id));
  }

  /** The same for who may update it; `permission_denied` for who may only read it. */
  async updatable(context: Context, id: string): Promise<ResourceRow> {
    return this.#require(context, 'update', await this.reads.find(id));
  }

  async getByShortId(context: Context, shortId: string): Promise<ResourceRow> {
    return this.#require(context, 'read', await this.reads.findByShortId(shortId));
  }

  async #require(context: Context, action: 'read' | 'update', row: ResourceRow | null): Promise<ResourceRow> {
    if (!row) throw notFound();
    await this.policy.require(context, action, resourceTarget(row));
    return row;
  }
}
