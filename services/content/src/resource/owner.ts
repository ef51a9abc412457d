import { Injectable } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import { ownerNotAllowed, type OwnerType } from '@erato/contracts/content/workspace';
import type { Context } from '@erato/contracts/kit/context';
import { invalidField, permissionDenied } from '@erato/contracts/kit/failure';
import { principals } from '@erato/contracts/identity/principal';
import { BusCaller, ownContext } from '@erato/platform/transport/caller';
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
  /** Organizations that are not the home organization. */
  readonly #ordinary = new LRUCache<string, true>({ max: 10_000, ttl: 60_000 });

  constructor(
    private readonly policy: Policy,
    private readonly bus: BusCaller,
  ) {}

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
    const owner = await this.#choose(context, given, about);
    await this.#refuseHome(context, owner);
    return owner;
  }

  async #choose(
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

  /** The home organization owns nothing (identity.md, Tables), also where its own key, the administrator's, asks for it. */
  async #refuseHome(context: Context, { ownerType, ownerId: id }: Owner): Promise<void> {
    if (ownerType !== 'organization' || this.#ordinary.has(id)) return;
    const subjects = [{ type: 'organization' as const, id }];
    const [found] = await this.bus.call(principals.find, { subjects }, ownContext(context));
    if (found?.home)
      throw ownerNotAllowed({ detail: 'The home organization owns nothing: name another owner.' });
    if (found) this.#ordinary.set(id, true);
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
