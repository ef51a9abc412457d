import { Injectable } from '@nestjs/common';
import { principals, type UserPrincipals } from '@erato/contracts/identity/principal';
import { unavailable } from '@erato/contracts/kit/failure';
import { Db } from '@erato/platform/database/db';
import { BusCaller, ownContext } from '@erato/platform/transport/caller';
import { Ledger } from '../ledger/ledger.js';
import { knownSubjects, knowSubjects, principalsNow, replacePrincipals } from './principal-rows.js';

/** Users that one message asks about at most (contracts, identity/principal.ts). */
const bound = 100;

/** Asks identity what users are a part of now, where what was heard in events may be late or was never heard. */
@Injectable()
export class FreshPrincipals {
  constructor(
    private readonly db: Db,
    private readonly caller: BusCaller,
  ) {}

  /**
   * Brings what is kept about these users up to date. A user whom identity does not know is a part of nothing. Whoever
   * is changed by an event while identity is being asked is left as the event has it: it may be the newer of the two.
   *
   * @throws Failure `unavailable`
   */
  async learn(userIds: readonly string[], limits: { requestId: string; deadline: number }): Promise<void> {
    const before = await principalsNow(this.db, userIds);
    const stated = await this.#ask(userIds, limits);
    const different = userIds.filter((id) => !same(stated.get(id), before.get(id)));
    const heardOf = [...stated.keys()].map((id) => ({ type: 'user' as const, id }));
    const known = await knownSubjects(this.db, heardOf);
    if (different.length === 0 && known.size === heardOf.length) return;
    await this.db.transaction({ actor: 'service:authz', ...limits }, async (tx) => {
      const ledger = await Ledger.open(tx);
      await knowSubjects(tx, heardOf);
      const now = await principalsNow(tx, different);
      for (const userId of different) {
        if (!same(now.get(userId), before.get(userId))) continue;
        await replacePrincipals(tx, ledger, stated.get(userId) ?? { userId, organizations: [], teamIds: [] });
      }
      await ledger.close();
    });
  }

  async #ask(
    userIds: readonly string[],
    { requestId, deadline }: { requestId: string; deadline: number },
  ): Promise<Map<string, UserPrincipals>> {
    const parts: string[][] = [];
    for (let at = 0; at < userIds.length; at += bound) parts.push(userIds.slice(at, at + bound));
    const context = { ...ownContext({ requestId }), deadline };
    try {
      const answers = await Promise.all(
        parts.map((part) => this.caller.call(principals.fetch, { userIds: part }, context)),
      );
      return new Map(answers.flat().map((each) => [each.userId, each]));
    } catch (cause) {
      throw unavailable({ detail: 'Memberships cannot be asked for.', cause });
    }
  }
}

type Parts = Pick<UserPrincipals, 'organizations' | 'teamIds'>;

function same(stated: Parts | undefined, kept: Parts | undefined): boolean {
  return written(stated) === written(kept);
}

function written(parts: Parts | undefined): string {
  const organizations = (parts?.organizations ?? []).map((each) => `${each.organizationId} ${each.roleSlug}`);
  return JSON.stringify([organizations.sort(), [...(parts?.teamIds ?? [])].sort()]);
}
