import { Injectable } from '@nestjs/common';
import { ownerNotAllowed, type OwnerType } from '@erato/contracts/content/workspace';
import type { Context } from '@erato/contracts/kit/context';
import { invalidField, permissionDenied } from '@erato/contracts/kit/failure';
import { readCeiling } from '@erato/policy/ceiling';
import { Policy } from '@erato/policy/client/policy';
import type { Path } from '@erato/policy/facts';
import { organizationTarget, workspaceTarget, type WorkspaceAccess } from '../access/targets.js';

export interface Owner {
  readonly ownerType: OwnerType;
  readonly ownerId: string;
}

/** The owner as a request names it. */
export type GivenOwner = { readonly ownerType?: OwnerType; readonly ownerId?: string };

/**
 * Who owns what is made (content.md, Rules): the caller itself, or an organization where it may `create` on the organization
 * or on an author workspace that the organization owns; another owner is refused.
 */
@Injectable()
export class Ownership {
  constructor(private readonly policy: Policy) {}

  /** The owner that the caller is; a workspace's key stands for the owner of that workspace. */
  itself({ caller }: Context, keyWorkspace: WorkspaceAccess | null): Owner {
    const { subjectType, subjectId } = caller;
    if (subjectType === 'user' || subjectType === 'organization') {
      return { ownerType: subjectType, ownerId: subjectId };
    }
    if (!keyWorkspace) throw ownerNotAllowed();
    return { ownerType: keyWorkspace.ownerType, ownerId: keyWorkspace.ownerId };
  }

  /** The owner that was given, where the caller may make things for it; else `otherwise`. */
  async resolve(
    context: Context,
    given: GivenOwner,
    about: { itself: Owner; otherwise: Owner; authors: readonly WorkspaceAccess[] },
  ): Promise<Owner> {
    const { ownerType, ownerId } = given;
    if (ownerType === undefined && ownerId === undefined) return about.otherwise;
    if (ownerType === undefined) throw invalidField('ownerType', 'required', 'is needed with ownerId');
    if (ownerId === undefined) throw invalidField('ownerId', 'required', 'is needed with ownerType');
    const owner = { ownerType, ownerId };
    if (isSameOwner(owner, about.itself)) return owner;
    if (await this.mayCreateFor(context, owner, about.authors)) return owner;
    throw ownerNotAllowed();
  }

  async mayCreateFor(context: Context, owner: Owner, authors: readonly WorkspaceAccess[]): Promise<boolean> {
    if (owner.ownerType !== 'organization') return false;
    const onThem = [
      organizationTarget(owner.ownerId),
      ...authors.filter((workspace) => isSameOwner(workspace, owner)).map(workspaceTarget),
    ];
    return (await this.policy.allows(context, 'create', onThem)).some(Boolean);
  }

  /** What a key's ceiling leaves out it may not make either, whoever owns it (authz.md, rule 2). */
  async requireUnderCeiling(context: Context, path: Path): Promise<void> {
    const { ceiling, scopes } = context.caller;
    if (!ceiling || scopes.includes('admin')) return;
    const { actions } = await this.policy.viewer(context);
    const create = actions.number('create') ?? -1;
    if (!readCeiling(ceiling, path, actions, create).allowed) throw permissionDenied();
  }
}

const isSameOwner = (one: Owner, other: Owner): boolean =>
  one.ownerType === other.ownerType && one.ownerId === other.ownerId;
