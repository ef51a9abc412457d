import { Injectable } from '@nestjs/common';
import {
  authorNotAllowed,
  type AuthorRef,
  type AuthorType,
  type NewAuthor,
} from '@erato/contracts/content/author';
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
    const { workspaces, users } = await this.refused(context, named);
    if (workspaces.length > 0) throw authorNotAllowed();
    const [unknown] = users;
    if (unknown) throw invalidField(about.path, 'unknown_subject', `there is no user ${unknown.authorId}`);
    return named.map((author, at) => toRow(context, author, { position: about.first + at, now: about.now }));
  }

  /** Those whom the caller cannot name: workspaces that are gone or not his to use, users who do not exist. */
  async refused(
    context: Context,
    named: readonly NewAuthor[],
  ): Promise<{ workspaces: NewAuthor[]; users: NewAuthor[] }> {
    const others = named.filter((author) => !isCaller(context, author));
    const of = (type: AuthorType) => others.filter(({ authorType }) => authorType === type);
    const [workspaces, users] = await Promise.all([
      this.#refusedWorkspaces(context, of('workspace')),
      this.#unknownUsers(context, of('user')),
    ]);
    return { workspaces, users };
  }

  async #refusedWorkspaces(context: Context, named: readonly NewAuthor[]): Promise<NewAuthor[]> {
    const ids = named.map(({ authorId }) => authorId).filter((id) => uuid.test(id));
    const found = ids.length === 0 ? [] : [...(await this.workspaces.findAll(ids)).values()];
    const allowed = await this.policy.allows(context, 'update', found.map(workspaceTarget));
    const usable = new Set(found.filter((_, at) => allowed[at]).map(({ id }) => id));
    return named.filter(({ authorId }) => !usable.has(authorId));
  }

  async #unknownUsers(context: Context, named: readonly NewAuthor[]): Promise<NewAuthor[]> {
    if (named.length === 0) return [];
    const subjects = named.map(({ authorId: id }) => ({ type: 'user' as const, id }));
    const known = await this.bus.call(principals.find, { subjects }, ownContext(context));
    return named.filter(({ authorId }) => !known.some(({ id }) => id === authorId));
  }
}

const isCaller = ({ caller }: Context, author: AuthorRef): boolean =>
  author.authorType === caller.subjectType && author.authorId === caller.subjectId;

/** Workspaces and the caller himself are authors at once, another user is pending until he accepts. */
export function toRow(
  context: Context,
  author: NewAuthor,
  { position, now }: { position: number; now: Date },
): AuthorRow {
  const { authorType, authorId, role = null } = author;
  const acceptedAt = authorType === 'workspace' || isCaller(context, author) ? now : null;
  return { authorType, authorId, role, position, addedAt: now, acceptedAt };
}

const uuid = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

function requireOnce(named: readonly NewAuthor[], path: string): void {
  for (const [at, author] of named.entries()) {
    if (named.findIndex((other) => isSame(author, other)) < at) {
      throw invalidField(`${path}.${at}`, 'duplicate', 'is named twice');
    }
  }
}
