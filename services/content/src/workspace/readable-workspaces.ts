import { Injectable } from '@nestjs/common';
import type { Context } from '@erato/contracts/kit/context';
import { notFound } from '@erato/contracts/kit/failure';
import { Policy } from '@erato/policy/client/policy';
import { workspaceTarget } from '../access/targets.js';
import type { WorkspaceRow } from './workspace-view.js';
import { WorkspaceReads } from './workspace.reads.js';

/** Workspaces as callers may read them: what is not there and what may not be read are one answer. */
@Injectable()
export class ReadableWorkspaces {
  constructor(
    private readonly reads: WorkspaceReads,
    private readonly policy: Policy,
  ) {}

  async get(context: Context, id: string): Promise<WorkspaceRow> {
    return this.#readable(context, await this.reads.find(id));
  }

  async getBySlug(context: Context, slug: string): Promise<WorkspaceRow> {
    return this.#readable(context, await this.reads.findBySlug(slug));
  }

  async #readable(context: Context, row: WorkspaceRow | null): Promise<WorkspaceRow> {
    if (!row) throw notFound();
    await this.policy.require(context, 'read', workspaceTarget(row));
    return row;
  }
}
