import { Injectable } from '@nestjs/common';
import type { NewAuthor } from '@erato/contracts/content/author';
import type { CreateResource } from '@erato/contracts/content/resource';
import { ownerNotAllowed } from '@erato/contracts/content/workspace';
import type { Context } from '@erato/contracts/kit/context';
import { invalidField, notFound } from '@erato/contracts/kit/failure';
import { Policy } from '@erato/policy/client/policy';
import { resourcePath } from '@erato/policy/path';
import { workspaceTarget } from '../access/targets.js';
import { isSame, type AuthorRow } from '../author/author-view.js';
import { Naming } from '../author/naming.js';
import type { WorkspaceRow } from '../workspace/workspace-view.js';
import { WorkspaceReads } from '../workspace/workspace.reads.js';
import { Ownership, type Owner } from './owner.js';

export interface Authorship {
  readonly owner: Owner;
  readonly authors: readonly AuthorRow[];
  /** Whether all author workspaces were public when they were read. */
  readonly open: boolean;
}

/** Who owns and who has made a new resource (content.md, Rules). */
@Injectable()
export class Authorships {
  constructor(
    private readonly policy: Policy,
    private readonly workspaces: WorkspaceReads,
    private readonly naming: Naming,
    private readonly ownership: Ownership,
  ) {}

  async resolve(context: Context, input: CreateResource, id: string, now: Date): Promise<Authorship> {
    const acting = await this.#acting(context);
    const itself = this.ownership.itself(context, acting);
    const byDefault = this.#author(context, acting);
    const named = input.authors ?? (byDefault ? [byDefault] : []);
    if (named.length === 0) throw invalidField('authors', 'required', 'an organization is no author itself');
    const authors = await this.naming.name(context, named, { path: 'authors', first: 1, now });
    if (!authors.some(({ acceptedAt }) => acceptedAt)) {
      throw invalidField('authors', 'none_accepted', 'one of them must be you or a workspace of yours');
    }
    const workspaces = [...(await this.workspaces.findAll(workspaceIds(authors))).values()];
    const owner =
      input.type === 'status'
        ? ownerOfStatus(input, byDefault, acting, itself)
        : await this.#owner(context, input, { acting, itself, workspaces });
    await this.ownership.requireUnderCeiling(context, resourcePath({ id, ...owner }, workspaceIds(authors)));
    return { owner, authors, open: workspaces.every(({ visibility }) => visibility === 'public') };
  }

  /** The workspace in whose name the caller makes this: by act-as, which needs `update` on it, or by a key of its own. */
  async #acting(context: Context): Promise<WorkspaceRow | null> {
    const { caller, actAs } = context;
    const id = caller.subjectType === 'workspace' ? caller.subjectId : actAs;
    if (id === undefined) return null;
    const workspace = await this.workspaces.find(id);
    if (!workspace) throw notFound({ detail: 'There is no such workspace for you to act for.' });
    if (actAs !== undefined) await this.policy.require(context, 'update', workspaceTarget(workspace));
    return workspace;
  }

  #author({ caller }: Context, acting: WorkspaceRow | null): NewAuthor | null {
    if (acting) return { authorType: 'workspace', authorId: acting.id };
    return caller.subjectType === 'user' ? { authorType: 'user', authorId: caller.subjectId } : null;
  }

  /** Left out, a workspace's owner owns what is made in its name, where the caller could name that owner too. */
  async #owner(
    context: Context,
    input: CreateResource,
    about: { acting: WorkspaceRow | null; itself: Owner; workspaces: readonly WorkspaceRow[] },
  ): Promise<Owner> {
    const { acting, itself, workspaces } = about;
    const given = input.ownerType !== undefined || input.ownerId !== undefined;
    const forOwner =
      !given && acting !== null && (await this.ownership.mayCreateFor(context, acting, [acting]));
    const otherwise = forOwner ? { ownerType: acting.ownerType, ownerId: acting.ownerId } : itself;
    return this.ownership.resolve(context, input, { itself, otherwise, authors: workspaces });
  }
}

/** A status is its author's: a user's own, or of the owner of the workspace in whose name it was made. */
function ownerOfStatus(
  input: CreateResource,
  author: NewAuthor | null,
  acting: WorkspaceRow | null,
  itself: Owner,
): Owner {
  if (!author || (!acting && itself.ownerType !== 'user'))
    throw ownerNotAllowed({ detail: 'A status is made by a user.' });
  if (input.authors && !(input.authors.length === 1 && input.authors.every((each) => isSame(each, author)))) {
    throw invalidField('authors', 'not_allowed', 'a status is authored by who makes it');
  }
  const owner = acting ? { ownerType: acting.ownerType, ownerId: acting.ownerId } : itself;
  const { ownerType = owner.ownerType, ownerId = owner.ownerId } = input;
  if (ownerType !== owner.ownerType || ownerId !== owner.ownerId) throw ownerNotAllowed();
  return owner;
}

const workspaceIds = (authors: readonly AuthorRow[]): string[] =>
  authors.filter(({ authorType }) => authorType === 'workspace').map(({ authorId }) => authorId);
