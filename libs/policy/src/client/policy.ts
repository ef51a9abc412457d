import type { PrincipalRef } from '@erato/contracts/authz/facts';
import type { Context } from '@erato/contracts/kit/context';
import { notFound, permissionDenied } from '@erato/contracts/kit/failure';
import type { ActionTable } from '../actions.js';
import { type CompiledSubject, compileSubject, guest, noPrincipals } from '../compile.js';
import { defaultOf, type Stated } from '../default.js';
import { type Decision, decide, MissingFactsError } from '../decide.js';
import { type Caller, type ObjectFacts, type ObjectRef, objectKey, type Path } from '../facts.js';
import { Confirmations } from './confirmations.js';
import type { Facts } from './collected-facts.js';
import type { FactsCache } from './facts-cache.js';

/** Of a call's context what a decision needs. */
export type PolicyContext = Pick<Context, 'caller' | 'requestId' | 'deadline' | 'consistency'>;

/** What the owning service knows of an object that is asked about. */
export interface Target extends Stated {
  /** The object, its parents, up to the root (policy, path.ts). */
  readonly path: Path;
  /** `update` for a draft: its `read` is decided as that (content.md, Rules). */
  readonly readAs?: 'read' | 'update';
}

/**
 * Decides about objects of the service in which it runs (authz.md, "Where it runs"). With warm caches it costs no
 * message. While authz is away it goes on with what it has for at most 30 s, and then throws `unavailable`; nothing
 * is ever allowed because something is missing.
 */
export class Policy {
  readonly #confirmations = new Confirmations();

  constructor(private readonly cache: FactsCache) {}

  /**
   * Whether the caller may do that. A denial of a known caller is confirmed with fresh facts, at most once a second a
   * subject, so that whoever was let in a moment ago is not refused because the news of it is still on its way.
   *
   * @throws Failure `unavailable`
   * @throws UnknownActionError where there is no such action
   */
  async decide(context: PolicyContext, action: string, target: Target): Promise<Decision> {
    const [decision] = await this.decideAll(context, action, [target]);
    if (!decision) throw new TypeError('a target has a decision');
    return decision;
  }

  /** Many decisions about one action on the facts of one moment; in the order of the targets. */
  async decideAll(context: PolicyContext, action: string, targets: readonly Target[]): Promise<Decision[]> {
    const { caller } = context;
    if (caller.scopes.includes('admin')) {
      return targets.map(() => ({ allowed: true, rule: 'administrator', action }));
    }
    const facts = await this.#collect(context, targets);
    const decisions = targets.map((target) => decideOn(facts, caller, action, target));
    const denied = targets.filter((_, at) => isDoubtful(decisions[at], caller));
    if (denied.length === 0 || !(await this.#confirm(context, denied))) return decisions;
    const confirmed = await this.#collect(context, targets);
    return targets.map((target) => decideOn(confirmed, caller, action, target));
  }

  /**
   * The decision, where it is yes.
   *
   * @throws Failure `not_found` where the caller may not even read it, `permission_denied` where it may, `unavailable`
   */
  async require(context: PolicyContext, action: string, target: Target): Promise<Decision> {
    const decision = await this.decide(context, action, target);
    if (decision.allowed) return decision;
    if (action === 'read' || !(await this.decide(context, 'read', target)).allowed) throw notFound();
    throw permissionDenied();
  }

  /** Which of a few targets the caller may do that to, in their order; a list of many filters in SQL instead. */
  async allows(context: PolicyContext, action: string, targets: readonly Target[]): Promise<boolean[]> {
    return (await this.decideAll(context, action, targets)).map(({ allowed }) => allowed);
  }

  /** The caller with teams, organizations (their roles, grants, and where it is admin) and audiences, for list filters in SQL. */
  async principals(context: PolicyContext): Promise<CompiledSubject> {
    const { caller } = context;
    const refs = principalsOf(caller);
    return subjectOf(await this.cache.collect(refs, [], context), caller);
  }

  /** The same together with the actions, for who must know what a membership's grants say. */
  async viewer(context: PolicyContext): Promise<{ subject: CompiledSubject; actions: ActionTable }> {
    const facts = await this.cache.collect(principalsOf(context.caller), [], context);
    return { subject: subjectOf(facts, context.caller), actions: facts.actions };
  }

  /** The rows of objects by `objectKey`, for who keeps a projection of them; at least as new as `consistency`. */
  async facts(
    context: Omit<PolicyContext, 'caller'>,
    objects: readonly ObjectRef[],
  ): Promise<ReadonlyMap<string, ObjectFacts>> {
    const { objects: found } = await this.cache.collect([], objects, context);
    return new Map([...found].map(([ref, { facts }]) => [objectKey(ref), facts]));
  }

  #collect(context: PolicyContext, targets: readonly Target[]): Facts | Promise<Facts> {
    return this.cache.collect(principalsOf(context.caller), elementsOf(targets), context);
  }

  #confirm(context: PolicyContext, denied: readonly Target[]): Promise<boolean> {
    const [subject] = principalsOf(context.caller);
    if (!subject) return Promise.resolve(false);
    return this.#confirmations.confirm(objectKey(subject), () =>
      this.cache.refresh([subject], elementsOf(denied), context),
    );
  }
}

/** A no that newer facts could turn: not what a key's own ceiling leaves out, and not a guest's. */
const isDoubtful = (decision: Decision | undefined, caller: Caller): boolean =>
  decision?.allowed === false && decision.rule !== 'ceiling' && caller.subjectType !== 'guest';

/** The subject whose principals a decision about the caller needs; none for a guest. */
export function principalsOf({ subjectType, subjectId }: Caller): PrincipalRef[] {
  return subjectType === 'guest' ? [] : [{ type: subjectType, id: subjectId }];
}

/**
 * The caller with the principals that were collected.
 *
 * @throws MissingFactsError where they were not: no principals would be other rights than unknown ones
 */
export function subjectOf(
  facts: Facts,
  { subjectType: type, subjectId: id, scopes }: Caller,
): CompiledSubject {
  if (type === 'guest') return guest;
  const subject = facts.subjects.get({ type, id });
  if (subject) return subject;
  if (scopes.includes('admin')) return compileSubject(type, id, noPrincipals);
  throw new MissingFactsError(objectKey({ type, id }));
}

/** One decision on collected facts. */
export function decideOn(facts: Facts, caller: Caller, action: string, target: Target): Decision {
  return decide({
    caller,
    subject: subjectOf(facts, caller),
    action: action === 'read' ? (target.readAs ?? action) : action,
    path: target.path,
    objects: (element) => facts.objects.get(element),
    actions: facts.actions,
    default: defaultOf(target, caller),
    now: Date.now(),
  });
}

function elementsOf(targets: readonly Target[]): ObjectRef[] {
  const elements: ObjectRef[] = [];
  for (const { path } of targets) for (const group of path) elements.push(...group);
  return elements;
}
