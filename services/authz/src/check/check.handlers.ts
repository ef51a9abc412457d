import {
  type CheckAnswer,
  type CheckPermissions,
  checks,
  type PermissionExplanation,
  type PermissionQuestion,
} from '@erato/contracts/authz/check';
import type { Handlers } from '@erato/contracts/kit/call';
import type { Context } from '@erato/contracts/kit/context';
import { notFound } from '@erato/contracts/kit/failure';
import { Serves } from '@erato/platform/transport/serves';
import { aboutOneself, explain } from '@erato/policy/explain';
import { AnswerChecks } from './answer-checks.js';
import { toExplanation } from './explanation.js';
import { asked, questionsOf } from './questions.js';

@Serves(checks)
export class CheckHandlers implements Handlers<typeof checks> {
  constructor(private readonly checks: AnswerChecks) {}

  async check(input: CheckPermissions, context: Context): Promise<CheckAnswer> {
    const { judge, results } = await this.checks.answer(context, questionsOf(input, context.caller));
    const { revision } = judge;
    if (input.checks) return { results: results.map((allowed) => ({ allowed })), revision };
    const allowed = results[0] ?? false;
    if (!allowed && input.object && !judge.may(context.caller, 'read', input.object)) throw notFound();
    return { allowed, revision };
  }

  async explain(question: PermissionQuestion, context: Context): Promise<PermissionExplanation> {
    const { caller } = context;
    const about = asked(question, caller, '');
    const { judge, results } = await this.checks.answer(context, [about]);
    const { action, object } = question;
    const input = judge.input(about.caller, action, object, { scoped: about.own });
    if (!input || (results[0] === false && !judge.may(caller, 'read', object))) throw notFound();
    const explanation = explain(input);
    const whole = judge.may(caller, 'admin', object);
    return toExplanation(whole ? explanation : aboutOneself(explanation), judge.revision);
  }
}
