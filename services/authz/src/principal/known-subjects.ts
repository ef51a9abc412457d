import { Injectable } from '@nestjs/common';
import { principals } from '@erato/contracts/identity/principal';
import { unavailable } from '@erato/contracts/kit/failure';
import { Db } from '@erato/platform/database/db';
import { BusCaller, ownContext } from '@erato/platform/transport/caller';
import { isAudience } from '@erato/policy/precedence';
import { knownSubjects, type KnownRef, knowSubjects } from './principal-rows.js';

/** A subject as permissions, assignments and checks name it. */
export interface NamedSubject {
  readonly type: 'user' | 'team' | 'organization' | 'static';
  readonly id: string;
}

/** Knows which subjects exist: from events, else from identity. */
@Injectable()
export class KnownSubjects {
  constructor(
    private readonly db: Db,
    private readonly caller: BusCaller,
  ) {}

  /**
   * The places in the list of those that do not exist.
   *
   * @throws Failure `unavailable` where identity must be asked and cannot be
   */
  async unknown(
    subjects: readonly NamedSubject[],
    limits: { requestId: string; deadline: number },
  ): Promise<number[]> {
    const people = subjects.filter((each): each is KnownRef => each.type !== 'static');
    const known = await knownSubjects(this.db, people);
    const missing = new Map(
      people.filter((each) => !known.has(keyOf(each))).map((each) => [keyOf(each), each]),
    );
    if (missing.size > 0) for (const each of await this.#find([...missing.values()], limits)) known.add(each);
    return subjects.flatMap((each, at) =>
      (each.type === 'static' ? isAudience(each.id) : known.has(keyOf(each))) ? [] : [at],
    );
  }

  async #find(
    refs: readonly KnownRef[],
    { requestId, deadline }: { requestId: string; deadline: number },
  ): Promise<string[]> {
    const subjects = refs.map(({ type, id }) => ({ type, id }));
    const found = await this.caller
      .call(principals.find, { subjects }, { ...ownContext({ requestId }), deadline })
      .catch((cause: unknown) => {
        throw unavailable({ detail: 'Subjects cannot be looked up.', cause });
      });
    // NOTE: a user is noted once his memberships are known too (fresh-principals.ts)
    const others = found.filter(({ type }) => type !== 'user');
    if (others.length > 0) {
      await this.db.transaction({ actor: 'service:authz', requestId, deadline }, (tx) =>
        knowSubjects(
          tx,
          others.map(({ type, id, organizationId, home }) => ({
            type,
            id,
            organizationId: type === 'team' ? organizationId : null,
            home,
          })),
        ),
      );
    }
    return found.map(keyOf);
  }
}

const keyOf = ({ type, id }: { type: string; id: string }): string => `${type}:${id}`;
