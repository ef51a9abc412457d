import { Injectable } from '@nestjs/common';
import type { ObjectRef } from '@erato/contracts/authz/object-description';
import { ActionTable } from '@erato/policy/actions';
import { Confirmations } from '@erato/policy/client/confirmations';
import { Facts } from '@erato/policy/client/collected-facts';
import { FactsCache, type Wanted } from '@erato/policy/client/facts-cache';
import { principalsOf, type Target } from '@erato/policy/client/policy';
import { compileObject } from '@erato/policy/compile';
import { type Caller, objectKey } from '@erato/policy/facts';
import { readFacts } from '../fact/fact-rows.js';
import { Descriptions } from '../object/descriptions.js';
import type { Reader } from '../object/object-rows.js';
import { Judge } from './judge.js';

/** Subjects whose denials one request has confirmed at most. */
const confirmedBound = 10;

/** Gathers what decisions about any objects need: one round for all of them, none while it is in memory. */
@Injectable()
export class Judges {
  readonly #confirmations = new Confirmations();

  constructor(
    private readonly cache: FactsCache,
    private readonly descriptions: Descriptions,
  ) {}

  /** @throws Failure `unavailable` */
  async over(callers: readonly Caller[], objects: readonly ObjectRef[], wanted: Wanted): Promise<Judge> {
    const targets = await this.descriptions.targets(objects, wanted);
    return new Judge(await this.cache.collect(subjectsOf(callers), elementsOf(targets), wanted), targets);
  }

  /**
   * After a no to these callers: asks anew for what is known of them, each at most once a second, and judges again; null
   * where nothing was asked.
   */
  async again(
    denied: readonly Caller[],
    callers: readonly Caller[],
    objects: readonly ObjectRef[],
    wanted: Wanted,
  ) {
    const subjects = subjectsOf(denied).slice(0, confirmedBound);
    if (subjects.length === 0) return null;
    const elements = elementsOf(await this.descriptions.targets(objects, wanted));
    const asked = await Promise.all(
      subjects.map((subject) =>
        this.#confirmations.confirm(objectKey(subject), () =>
          this.cache.refresh([subject], elements, wanted),
        ),
      ),
    );
    return asked.includes(true) ? this.over(callers, objects, wanted) : null;
  }

  /**
   * On what the database holds now, past the caches: for lists, which look at more than those should keep. Objects that
   * were never heard of are asked for first.
   *
   * @throws Failure `unavailable`
   */
  async reading(
    reader: Reader,
    callers: readonly Caller[],
    objects: readonly ObjectRef[],
    wanted: Wanted,
  ): Promise<Judge> {
    const judge = await this.inside(reader, callers, objects);
    const strangers = objects.filter((object) => !judge.knows(object));
    if (strangers.length === 0) return judge;
    const found = await this.descriptions.targets(strangers, wanted);
    return found.size === 0 ? judge : this.inside(reader, callers, objects);
  }

  /** On what a transaction sees that has opened its ledger: nobody can change it before the commit. */
  async inside(tx: Reader, callers: readonly Caller[], objects: readonly ObjectRef[]): Promise<Judge> {
    const targets = await this.descriptions.targetsIn(tx, objects);
    const elements = [...new Map(elementsOf(targets).map((each) => [objectKey(each), each])).values()];
    const read = await readFacts(tx, { subjects: subjectsOf(callers), objects: elements });
    const { revision, ...found } = read.facts;
    const facts = new Facts(new ActionTable(found.actions));
    facts.revision = revision;
    for (const { type, id, permissions, assignments } of found.objects) {
      facts.addObject({ type, id }, compileObject({ revision, permissions, assignments }), revision);
    }
    return new Judge(facts, targets).with(found.subjects, revision);
  }
}

/** Whose principals are needed: an administrator may whatever he is a part of. */
function subjectsOf(callers: readonly Caller[]) {
  const refs = callers.filter(({ scopes }) => !scopes.includes('admin')).flatMap(principalsOf);
  return [...new Map(refs.map((ref) => [objectKey(ref), ref])).values()];
}

function elementsOf(targets: ReadonlyMap<string, Target>): ObjectRef[] {
  return [...targets.values()].flatMap(({ path }) => path.flat());
}
