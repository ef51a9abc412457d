import type { CheckPermissions, CheckSubject, PermissionQuestion } from '@erato/contracts/authz/check';
import { unknownAction } from '@erato/contracts/authz/permission';
import type { Caller } from '@erato/contracts/kit/context';
import { invalid } from '@erato/contracts/kit/failure';
import type { Caller as AnyCaller } from '@erato/policy/facts';
import type { Judge } from '../decision/judge.js';
import { isOneself } from '../decision/listed.js';

/** A question with who is asked about. */
export interface Asked {
  readonly caller: AnyCaller;
  /** Whether that is the caller itself, with its scopes and ceiling. */
  readonly own: boolean;
  readonly question: PermissionQuestion;
  /** Where the question stands in the request; empty for a single one. */
  readonly at: string;
}

/** The questions of a request: one, or those of `checks`. */
export function questionsOf(input: CheckPermissions, caller: Caller): Asked[] {
  const { checks, subject, action, object } = input;
  if (checks) {
    if (subject ?? action ?? object) {
      throw invalid({ errors: [{ path: 'checks', code: 'not_allowed', message: 'stands alone' }] });
    }
    return checks.map((question, at) => asked(question, caller, `checks.${at}.`));
  }
  const missing = [...(action === undefined ? ['action'] : []), ...(object === undefined ? ['object'] : [])];
  if (action === undefined || object === undefined) {
    throw invalid({ errors: missing.map((path) => ({ path, code: 'required', message: 'is missing' })) });
  }
  return [asked({ action, object, ...(subject && { subject }) }, caller, '')];
}

/** A question about oneself is about the credential; about somebody else it is about what he may at most. */
export function asked(question: PermissionQuestion, caller: Caller, at: string): Asked {
  const { subject } = question;
  const own = subject === undefined || isOneself(subject, caller);
  return { caller: own ? caller : somebody(subject), own, question, at };
}

const somebody = ({ type, id }: CheckSubject): AnyCaller => ({
  subjectType: type,
  subjectId: id,
  scopes: [],
});

/** @throws Failure `unknown_action` naming each */
export function requireActions(judge: Judge, questions: readonly Asked[]): void {
  const errors = questions
    .filter(({ question }) => judge.actions.number(question.action) === undefined)
    .map(({ at }) => ({ path: `${at}action`, code: 'unknown_action', message: 'is not among the actions' }));
  if (errors.length > 0) throw unknownAction({ errors });
}
