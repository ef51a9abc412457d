import {
  type CheckDecisions,
  type DecisionResults,
  decisions,
  type DecisionSubject,
} from '@erato/contracts/authz/decision';
import type { Handlers } from '@erato/contracts/kit/call';
import type { Context } from '@erato/contracts/kit/context';
import { Serves } from '@erato/platform/transport/serves';
import type { Caller } from '@erato/policy/facts';
import type { Judge } from '../decision/judge.js';
import { Judges } from '../decision/judges.js';
import { requireActions } from './questions.js';

/** What services ask about objects that other services own. */
@Serves(decisions)
export class DecisionHandlers implements Handlers<typeof decisions> {
  constructor(private readonly judges: Judges) {}

  async check(input: CheckDecisions, context: Context): Promise<DecisionResults> {
    const caller = callerOf(input.subject);
    const objects = input.checks.map(({ object }) => object);
    const judge = await this.judges.over([caller], objects, context);
    requireActions(
      judge,
      input.checks.map((question, at) => ({ caller, own: true, question, at: `checks.${at}.` })),
    );
    const results = resultsOf(judge, caller, input);
    const isDoubtful = caller.subjectType !== 'guest' && results.some(({ allowed }) => !allowed);
    const again = isDoubtful ? await this.judges.again([caller], [caller], objects, context) : null;
    const { revision } = again ?? judge;
    return { results: again ? resultsOf(again, caller, input) : results, revision };
  }
}

function resultsOf(judge: Judge, caller: Caller, { checks }: CheckDecisions): DecisionResults['results'] {
  return checks.map(({ action, object }) => ({
    allowed: judge.input(caller, action, object) !== null && judge.may(caller, action, object),
    readable: judge.may(caller, 'read', object),
  }));
}

function callerOf({ subjectType, subjectId, scopes, ceiling }: DecisionSubject): Caller {
  return { subjectType, subjectId, scopes, ...(ceiling && { ceiling }) };
}
