import { Injectable } from '@nestjs/common';
import { ownerOfType } from '@erato/contracts/authz/describe';
import type { ObjectDescription, ObjectRef } from '@erato/contracts/authz/object-description';
import { unavailable } from '@erato/contracts/kit/failure';
import { Db } from '@erato/platform/database/db';
import { BusCaller, ownContext } from '@erato/platform/transport/caller';
import { storeObjects } from './object-rows.js';

/** Objects that one message describes at most (contracts, authz/describe.ts). */
const bound = 100;

/** Asks the services that own objects what they are, where nothing was heard of them (authz.md, Tables). */
@Injectable()
export class DescribeObjects {
  constructor(
    private readonly db: Db,
    private readonly caller: BusCaller,
  ) {}

  /**
   * Asks each owning service in one message, and keeps the answers; what does not exist is not among them.
   *
   * @throws Failure `unavailable` where a service cannot be asked
   */
  async ask(
    refs: readonly ObjectRef[],
    { requestId, deadline }: { requestId: string; deadline: number },
  ): Promise<ObjectDescription[]> {
    const byOwner = new Map<(typeof ownerOfType)[string], ObjectRef[]>();
    for (const ref of refs) {
      const owner = Object.hasOwn(ownerOfType, ref.type) ? ownerOfType[ref.type] : undefined;
      if (owner) byOwner.set(owner, [...(byOwner.get(owner) ?? []), ref]);
    }
    const context = { ...ownContext({ requestId }), deadline };
    const asked = [...byOwner].flatMap(([owner, objects]) =>
      chunks(objects).map((part) => this.caller.call(owner.describe, { objects: part }, context)),
    );
    const described = await Promise.all(asked).catch((cause: unknown) => {
      throw unavailable({ detail: 'The service that owns the object cannot be asked.', cause });
    });
    const descriptions = described.flat();
    if (descriptions.length > 0) {
      await this.db.transaction({ actor: 'service:authz', requestId, deadline }, (tx) =>
        storeObjects(tx, descriptions),
      );
    }
    return descriptions;
  }
}

function chunks(refs: readonly ObjectRef[]): ObjectRef[][] {
  const parts: ObjectRef[][] = [];
  for (let at = 0; at < refs.length; at += bound) parts.push(refs.slice(at, at + bound));
  return parts;
}
