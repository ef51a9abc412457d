import { ActionTable, type ActionRow } from '../src/actions.js';
import { type CompiledObject, compileObject, compileSubject } from '../src/compile.js';
import type { DecisionInput } from '../src/decide.js';
import { defaultOf } from '../src/default.js';
import { type Caller, objectKey, type ObjectFacts, type Path, type SubjectFacts } from '../src/facts.js';

/** A question with all the facts that bear on it, uncompiled. */
export interface World {
  caller: Caller;
  principals: SubjectFacts;
  action: string;
  path: Path;
  /** Rows by `objectKey`; an object that is not here has none. */
  rows: Readonly<Record<string, Omit<ObjectFacts, 'revision'>>>;
  /** Actions beside those that stand from the start. */
  actions: readonly ActionRow[];
  everyone: readonly string[];
  /** Users who are authors of the asked object. */
  authors?: readonly string[];
  now: number;
  scope?: string;
}

/** The world as a decision takes it. */
export function inputOf(world: World): DecisionInput {
  const compiled = new Map<string, CompiledObject>();
  for (const group of world.path) {
    for (const element of group) {
      const key = objectKey(element);
      const rows = world.rows[key] ?? { permissions: [], assignments: [] };
      compiled.set(key, compileObject({ revision: 1, ...rows }));
    }
  }
  return {
    caller: world.caller,
    subject: compileSubject(world.caller.subjectType, world.caller.subjectId, world.principals),
    action: world.action,
    path: world.path,
    objects: (element) => compiled.get(objectKey(element)),
    actions: new ActionTable(world.actions),
    default: defaultOf(world, world.caller),
    now: world.now,
    ...(world.scope !== undefined && { scope: world.scope }),
  };
}
