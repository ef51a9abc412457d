import type { FactSubject } from '@erato/contracts/authz/facts';
import type { ObjectRef } from '@erato/contracts/authz/object-description';
import type { ActionTable } from '@erato/policy/actions';
import { Facts } from '@erato/policy/client/collected-facts';
import { subjectOf, type Target } from '@erato/policy/client/policy';
import { compileSubject, noRows } from '@erato/policy/compile';
import { defaultOf } from '@erato/policy/default';
import { decide, type Decision, type DecisionInput } from '@erato/policy/decide';
import { type Caller, type Grants, objectKey } from '@erato/policy/facts';
import { scopeOf } from '@erato/policy/scopes';

/** How a question differs from the plain one. */
export interface Asked {
  /**
   * Hold a credential to the scope that the object's own routes would ask for (authz.md, rule 2): of what a caller can
   * do itself, and so of what it can give away.
   */
  readonly scoped?: boolean;
  /** About something of this type that is, or would be, directly below the object. */
  readonly below?: string;
}

/** Decides about objects of any type, on facts of one moment. */
export class Judge {
  constructor(
    private readonly facts: Facts,
    private readonly targets: ReadonlyMap<string, Target>,
  ) {}

  /** All its facts are at least this new. */
  get revision(): number {
    return this.facts.revision;
  }

  get actions(): ActionTable {
    return this.facts.actions;
  }

  /** The same with these subjects, of whom it may then be asked too. */
  with(subjects: readonly FactSubject[], revision: number): Judge {
    const facts = new Facts(this.facts.actions);
    facts.revision = Math.min(this.facts.revision, revision);
    for (const [ref, object] of this.facts.objects) facts.addObject(ref, object, this.facts.revision);
    for (const { type, id, ...own } of subjects) {
      facts.addSubject({ type, id }, compileSubject(type, id, { revision, ...own }), revision);
    }
    return new Judge(facts, this.targets);
  }

  /** Whether there is such an object, with all that lies above it. */
  knows(object: ObjectRef): boolean {
    return this.targets.has(objectKey(object));
  }

  /** What a decision reads; null where there is no such object. */
  input(caller: Caller, action: string, object: ObjectRef, asked: Asked = {}): DecisionInput | null {
    const target = this.targets.get(objectKey(object));
    if (!target) return null;
    const below = asked.below === object.type ? undefined : asked.below;
    const child = below && { type: below, id: object.id };
    const type = below ?? object.type;
    const scope = asked.scoped ? scopeOf(type, action) : undefined;
    return {
      caller,
      subject: subjectOf(this.facts, caller),
      action: action === 'read' && !child ? (target.readAs ?? action) : action,
      path: child ? [[child], ...target.path] : target.path,
      objects: (element) => (element === child ? noRows : this.facts.objects.get(element)),
      actions: this.facts.actions,
      default: child ? { actions: [] } : defaultOf(target, caller),
      now: Date.now(),
      ...(scope !== undefined && { scope }),
    };
  }

  /** The decision; null where there is no such object. */
  decide(caller: Caller, action: string, object: ObjectRef, asked?: Asked): Decision | null {
    const input = this.input(caller, action, object, asked);
    return input && decide(input);
  }

  may(caller: Caller, action: string, object: ObjectRef, asked?: Asked): boolean {
    return this.decide(caller, action, object, asked)?.allowed ?? false;
  }

  /** Whether the caller has all that an allow of the action would give, or a deny of it takes: nobody gives more than he has. */
  holds(caller: Caller, object: ObjectRef, action: string, as: 'allows' | 'denies', below?: string): boolean {
    const number = this.actions.number(action);
    const set = number === undefined ? undefined : this.actions[as][number];
    if (!set) return false;
    const asked = { scoped: true, ...(below !== undefined && { below }) };
    return this.actions.slugs.every((slug, at) => set[at] !== 1 || this.may(caller, slug, object, asked));
  }

  /** Whether the caller has all that a role would grant on the object and below it. */
  holdsGrants(caller: Caller, object: ObjectRef, grants: Grants): boolean {
    return Object.entries(grants).every(([type, actions]) =>
      actions.every((action) => this.holds(caller, object, action, 'allows', type)),
    );
  }

  /** The users who are authors of the object. */
  authorsOf(object: ObjectRef): readonly string[] {
    return this.targets.get(objectKey(object))?.authors ?? [];
  }

  /** The objects on the way from this one outwards, itself first. */
  pathOf(object: ObjectRef): ObjectRef[] {
    return (this.targets.get(objectKey(object))?.path ?? []).flat();
  }
}
