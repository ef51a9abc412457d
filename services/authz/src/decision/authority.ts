import { Injectable } from '@nestjs/common';
import type { ObjectRef } from '@erato/contracts/authz/object-description';
import type { Caller, Context } from '@erato/contracts/kit/context';
import { type Failure, notFound, permissionDenied } from '@erato/contracts/kit/failure';
import type { Tx } from '@erato/platform/database/tx';
import type { Ledger } from '../ledger/ledger.js';
import type { Judge } from './judge.js';
import { Judges } from './judges.js';

/** What must be allowed to the caller on an object. */
export type Requirement = (judge: Judge, caller: Caller, object: ObjectRef) => boolean;

/** Who says who may: administers the object. */
export const administers: Requirement = (judge, caller, object) => judge.may(caller, 'admin', object);

/** Members are managed by who may `admin` the object or `manage` its `member` (authz.md). */
export const managesMembers: Requirement = (judge, caller, object) =>
  administers(judge, caller, object) || judge.may(caller, 'manage', object, { below: 'member' });

/** Members are seen by who manages them or may `read` them. */
export const seesMembers: Requirement = (judge, caller, object) =>
  administers(judge, caller, object) || judge.may(caller, 'read', object, { below: 'member' });

/** Asks what a caller must be able to do before it reads or changes who may do what. */
@Injectable()
export class Authority {
  constructor(private readonly judges: Judges) {}

  /**
   * A judge over objects on each of which the caller meets the requirement.
   *
   * @throws Failure `not_found` where there is no such object or the caller may not read it, `permission_denied` where
   * he may, `unavailable`
   */
  async require(context: Context, requirement: Requirement, objects: readonly ObjectRef[]): Promise<Judge> {
    const { caller } = context;
    const judge = await this.judges.over([caller], objects, context);
    if (refused(judge, caller, requirement, objects) === null) return judge;
    const settled = (await this.judges.again([caller], [caller], objects, context)) ?? judge;
    const refusal = refused(settled, caller, requirement, objects);
    if (refusal) throw refusal;
    return settled;
  }

  /** The same once more on what the transaction sees, where something has changed since. */
  async requireInside(
    { tx, ledger }: { tx: Tx; ledger: Ledger },
    judge: Judge,
    caller: Caller,
    requirement: Requirement,
    objects: readonly ObjectRef[],
  ): Promise<Judge> {
    if (judge.revision === ledger.before) return judge;
    const inside = await this.judges.inside(tx, [caller], objects);
    const refusal = refused(inside, caller, requirement, objects);
    if (refusal) throw refusal;
    return inside;
  }

  /** Whether the caller meets the requirement; no failure where not. */
  async meets(context: Context, requirement: Requirement, object: ObjectRef): Promise<boolean> {
    const { caller } = context;
    const judge = await this.judges.over([caller], [object], context);
    if (requirement(judge, caller, object)) return true;
    const again = await this.judges.again([caller], [caller], [object], context);
    return again !== null && requirement(again, caller, object);
  }
}

/** Why the caller is refused, or null. */
function refused(
  judge: Judge,
  caller: Caller,
  requirement: Requirement,
  objects: readonly ObjectRef[],
): Failure | null {
  for (const object of objects) {
    if (judge.input(caller, 'read', object) !== null && requirement(judge, caller, object)) continue;
    return judge.may(caller, 'read', object) ? permissionDenied() : notFound();
  }
  return null;
}
