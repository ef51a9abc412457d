import { Injectable } from '@nestjs/common';
import { authorNotAllowed, type AuthorRef, type NewAuthor } from '@erato/contracts/content/author';
import type { Context } from '@erato/contracts/kit/context';
import { invalidField } from '@erato/contracts/kit/failure';
import { principals } from '@erato/contracts/identity/principal';
import { BusCaller, ownContext } from '@erato/platform/transport/caller';
import { Policy } from '@erato/policy/client/policy';
import { workspaceTarget } from '../access/targets.js';
import { WorkspaceReads } from '../workspace/workspace.reads.js';
import { isSame, type AuthorRow } from './author-view.js';

/**
 * Who may be named as an author (content.md, Rules): a workspace that the caller may update, the caller itself, or another
 * user, who stays pending until he accepts. A workspace that is not there answers as one that the caller may not use.
 */
@Injectable()
export class Naming {
  constructor(
    private readonly policy: Policy,
    private readonly workspaces: WorkspaceReads,
    private readonly bus: BusCaller,
  ) {}

  /** The rows of those who are named, numbered from `first`. `path` is the field that names them, without its index. */
  async name(
    context: Context,
    named: readonly NewAuthor[],
    about: { path: string; first: number; now: Date },
  ): Promise<AuthorRow[]> {
    requireOnce(named, about.path);
    const { subjectType, subjectId } = context.caller;
    const isCaller = (author: AuthorRef): boolean =>
      author.authorType === subjectType && author.authorId === subjectId;
    const others = named.filter((author) => !isCaller(author));
    await Promise.all([
      this.#requireWorkspaces(
        context,
        others.filter(({ authorType }) => authorType === 'workspace'),
      ),
      this.#requireUsers(
        context,
        others.filter(({ authorType }) => authorType === 'user'),
        about.path,
      ),
    ]);
    return named.map((author, at) => ({
      authorType: author.authorType,
      authorId: author.authorId,
      role: author.role ?? null,
      position: about.first + at,
      addedAt: about.now,
      acceptedAt: author.authorType === 'workspace' || isCaller(author) ? about.now : null,
    }));
  }

  async #requireWorkspaces(context: Context, named: readonly NewAuthor[]): Promise<void> {
    const ids = named.map(({ authorId }) => authorId);
    if (ids.length === 0) return;
    if (!ids.every((id) => uuid.test(id))) throw authorNotAllowed();
    const found = await this.workspaces.findAll(ids);
    if (found.size < ids.length) throw authorNotAllowed();
    const targets = [...found.values()].map(workspaceTarget);
    const allowed = await this.policy.allows(context, 'update', targets);
    if (!allowed.every(Boolean)) throw authorNotAllowed();
  }

  async #requireUsers(context: Context, named: readonly NewAuthor[], path: string): Promise<void> {
    if (named.length === 0) return;
    const subjects = named.map(({ authorId: id }) => ({ type: 'user' as const, id }));
    const known = await this.bus.call(principals.find, { subjects }, ownContext(context));
    const unknown = named.find(({ authorId }) => !known.some(({ id }) => id === authorId));
    if (unknown) throw invalidField(path, 'unknown_subject', `there is no user ${unknown.authorId}`);
  }
}

const uuid = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

function requireOnce(named: readonly NewAuthor[], path: string): void {
  for (const [at, author] of named.entries()) {
    if (named.findIndex((other) => isSame(author, other)) < at) {
      throw invalidField(`${path}.${at}`, 'duplicate', 'is named twice');
    }
  }
}
