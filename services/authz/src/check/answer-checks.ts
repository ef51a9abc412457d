import { Injectable } from '@nestjs/common';
import { unknownSubject } from '@erato/contracts/authz/permission';
import type { Context } from '@erato/contracts/kit/context';
import { type Failure, notFound, permissionDenied } from '@erato/contracts/kit/failure';
import type { Caller } from '@erato/policy/facts';
import type { Judge } from '../decision/judge.js';
import { Judges } from '../decision/judges.js';
import { KnownSubjects } from '../principal/known-subjects.js';
import { type Asked, requireActions } from './questions.js';

/** What judging a request's questions gave. */
export interface Judged {
  readonly judge: Judge;
  readonly results: readonly boolean[];
}

/** Judges questions about the caller itself and, with `admin` on the object, about others (authz.md, Routes). */
@Injectable()
export class AnswerChecks {
  constructor(
    private readonly judges: Judges,
    private readonly subjects: KnownSubjects,
  ) {}

  /**
   * All on the facts of one moment. A no is confirmed with fresh facts of whom it is about, at most once a second.
   *
   * @throws Failure `not_found` and `permission_denied` about objects of which the caller may not ask, `unknown_action`,
   * `unknown_subject`, `unavailable`
   */
  async answer(context: Context, questions: readonly Asked[]): Promise<Judged> {
    const { caller } = context;
    const callers: Caller[] = [caller, ...questions.map((each) => each.caller)];
    const objects = questions.map(({ question }) => question.object);
    const judge = await this.judges.over(callers, objects, context);
    requireActions(judge, questions);
    const others = questions.filter(({ own }) => !own);
    const refusal = refusalOf(judge, caller, others);
    const results = questions.map((each) => isAllowed(judge, each));
    const denied = [
      ...(refusal ? [caller] : []),
      ...questions.flatMap((each, at) => doubted(each, results[at])),
    ];
    const again = await this.judges.again(denied, callers, objects, context);
    const settled = again ?? judge;
    const refused = again ? refusalOf(again, caller, others) : refusal;
    if (refused) throw refused;
    await this.#requireSubjects(context, others);
    return { judge: settled, results: again ? questions.map((each) => isAllowed(again, each)) : results };
  }

  async #requireSubjects(context: Context, others: readonly Asked[]): Promise<void> {
    if (others.length === 0) return;
    const named = others.flatMap(({ question: { subject } }) => subject ?? []);
    const unknown = await this.subjects.unknown(named, context);
    if (unknown.length === 0) return;
    const errors = unknown.map((at) => ({
      path: `${others[at]?.at ?? ''}subject.id`,
      code: 'unknown_subject',
      message: 'is not known',
    }));
    throw unknownSubject({ errors });
  }
}

/** What a key can do is held to its scopes; what is asked about somebody else is not about a credential. */
function isAllowed(judge: Judge, { caller, own, question }: Asked): boolean {
  return judge.may(caller, question.action, question.object, { scoped: own });
}

/** A question about somebody else needs `admin` on the object. */
function refusalOf(judge: Judge, caller: Caller, others: readonly Asked[]): Failure | null {
  for (const { question } of others) {
    const { object } = question;
    if (judge.input(caller, 'read', object) && judge.may(caller, 'admin', object)) continue;
    return judge.may(caller, 'read', object) ? permissionDenied() : notFound();
  }
  return null;
}

const doubted = ({ caller }: Asked, allowed: boolean | undefined): Caller[] =>
  allowed === false && caller.subjectType !== 'guest' ? [caller] : [];
