import { Injectable } from '@nestjs/common';
import type { OwnerType } from '@erato/contracts/content/workspace';
import type { Context } from '@erato/contracts/kit/context';
import { notFound, permissionDenied } from '@erato/contracts/kit/failure';
import { Policy } from '@erato/policy/client/policy';
import { organizationTarget } from '../access/targets.js';
import type { TransferRow } from './transfer-view.js';

export type Party = 'sender' | 'receiver';

/** Who speaks for the two sides of a transfer: the user himself, or an admin of the organization. Others see nothing of it. */
@Injectable()
export class TransferParties {
  constructor(private readonly policy: Policy) {}

  /** @throws Failure `not_found` for who is on neither side, `permission_denied` for the other side */
  async require(context: Context, transfer: TransferRow, party: Party): Promise<void> {
    const { fromType, fromId, toType, toId } = transfer;
    const sides = {
      sender: () => this.#speaksFor(context, fromType, fromId),
      receiver: () => this.#speaksFor(context, toType, toId),
    };
    if (await sides[party]()) return;
    throw (await sides[party === 'sender' ? 'receiver' : 'sender']()) ? permissionDenied() : notFound();
  }

  /** @throws Failure `not_found` for who is on neither side */
  async requireEither(context: Context, { fromType, fromId, toType, toId }: TransferRow): Promise<void> {
    if (await this.#speaksFor(context, toType, toId)) return;
    if (!(await this.#speaksFor(context, fromType, fromId))) throw notFound();
  }

  /** Everybody for whom the caller speaks; ids of users and organizations are never the same. */
  async all(context: Context): Promise<string[]> {
    const { subjectType, subjectId } = context.caller;
    const { adminOf } = await this.policy.principals(context);
    return [...(subjectType === 'user' ? [subjectId] : []), ...adminOf];
  }

  async #speaksFor(context: Context, type: OwnerType, id: string): Promise<boolean> {
    const { caller } = context;
    if (caller.scopes.includes('admin')) return true;
    if (type === 'user') return caller.subjectType === 'user' && caller.subjectId === id;
    const { allowed, rule } = await this.policy.decide(context, 'admin', organizationTarget(id));
    return allowed && rule === 'owner';
  }
}
