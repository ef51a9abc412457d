import { Injectable } from '@nestjs/common';
import type { AllowedSubject, ListAllowedSubjects } from '@erato/contracts/authz/access';
import { unknownAction } from '@erato/contracts/authz/permission';
import type { Page } from '@erato/contracts/kit/call';
import type { Context } from '@erato/contracts/kit/context';
import { notFound } from '@erato/contracts/kit/failure';
import { Db } from '@erato/platform/database/db';
import { Keyset } from '@erato/platform/paging/keyset';
import { administers, Authority } from '../decision/authority.js';
import type { Judge } from '../decision/judge.js';
import { Judges } from '../decision/judges.js';
import { LocalFacts } from '../fact/local-facts.js';
import { revisionReached } from '../ledger/revision-reached.js';
import {
  type ListedSubject,
  listedAudiences,
  type Question,
  routesFor,
  subjectOrder,
  withAudiences,
} from './allowed-subject.js';
import type { Position } from './object-candidates.js';
import { pick } from './pick.js';
import { addressedOn, SubjectCandidates } from './subject-candidates.js';

/** A candidate: the place of its type in the order of the list, and its id. */
interface Place {
  readonly rank: number;
  readonly id: string;
}

const guest = { subjectType: 'guest' as const, subjectId: '', scopes: [] };

/**
 * Lists who may do something with an object, each with the routes by which: everybody whom the rows on its path could
 * reach comes from SQL in the order of ids, and is confirmed by the decision, a chunk at a time (docs/decisions/0011).
 */
@Injectable()
export class ListSubjects {
  constructor(
    private readonly db: Db,
    private readonly authority: Authority,
    private readonly judges: Judges,
    private readonly facts: LocalFacts,
  ) {}

  async page(input: ListAllowedSubjects, context: Context): Promise<Page<AllowedSubject>> {
    const { objectType, objectId, action, subjectType } = input;
    const object = { type: objectType, id: objectId };
    await this.authority.require(context, administers, [object]);
    await revisionReached(this.db, context);
    const read = await this.judges.reading(this.db, [], [object], context);
    if (read.actions.number(action) === undefined) {
      const error = { path: 'action', code: 'unknown_action', message: 'is not among the actions' };
      throw unknownAction({ errors: [error] });
    }
    const judge = withAudiences(read, object);
    const asked = judge.input(guest, action, object);
    if (!asked) throw notFound();
    const candidates = new SubjectCandidates(this.db, addressedOn(asked, judge.authorsOf(object)));
    const list = ['permissions/subjects', objectType, objectId, action, subjectType];
    const sort = { column: 'rank', type: 'bigint', idType: 'text', descending: false } as const;
    const keyset = new Keyset(input, list, sort, 1);
    const [rank, id] = keyset.values;
    const given = typeof id === 'string' ? { rank: Number(rank), id } : null;
    const ranks = subjectOrder.flatMap((type, at) => (subjectType && subjectType !== type ? [] : [at]));
    const walk = { ranks: keyset.backward ? ranks.reverse() : ranks, backward: keyset.backward };
    const picked = await pick<AllowedSubject, Place>(context, keyset.limit, {
      next: (from, limit) => places(candidates, walk, from ?? given, limit),
      confirm: (chunk) => this.#confirm(chunk, judge, { object, action }, context),
      at: placeOf,
    });
    const { reached } = picked;
    const at = ({ rank, id }: Place) => ({ value: rank, id });
    const [nearest] = picked.found;
    return keyset.picked(picked.found, nearest ? at(placeOf(nearest)) : null, reached && at(reached));
  }

  async #confirm(
    chunk: readonly Place[],
    judge: Judge,
    question: Question,
    context: Context,
  ): Promise<AllowedSubject[]> {
    const named = chunk.map(({ rank, id }) => ({ type: subjectOrder[rank] ?? 'static', id }));
    const subjects = named.flatMap(({ type, id }) => (type === 'static' ? [] : [{ type, id }]));
    const { subjects: found, revision } = await this.facts.fetch({ subjects, objects: [] }, context);
    const knowing = judge.with(found, revision);
    return named.flatMap(({ type, id }) => {
      const routes = routesFor(type === 'static' ? judge : knowing, type, id, question);
      return routes === null ? [] : [{ type, id, routes }];
    });
  }
}

const placeOf = ({ type, id }: { type: ListedSubject; id: string }): Place => ({
  rank: subjectOrder.indexOf(type),
  id,
});

/** The next candidates, type after type. */
async function places(
  candidates: SubjectCandidates,
  { ranks, backward }: { ranks: readonly number[]; backward: boolean },
  from: Place | null,
  limit: number,
): Promise<Place[]> {
  const found: Place[] = [];
  for (const rank of ranks) {
    if (from !== null && (backward ? rank > from.rank : rank < from.rank)) continue;
    const position = { id: rank === from?.rank ? from.id : null, backward };
    const type = subjectOrder[rank] ?? 'static';
    const ids = type === 'static' ? audiencesFrom(position) : await candidates.next(type, position, limit);
    found.push(...ids.map((id) => ({ rank, id })));
    if (found.length >= limit) break;
  }
  return found.slice(0, limit);
}

function audiencesFrom({ id, backward }: Position): string[] {
  const sorted = listedAudiences.toSorted();
  if (backward) return sorted.reverse().filter((each) => id === null || each < id);
  return sorted.filter((each) => id === null || each > id);
}
