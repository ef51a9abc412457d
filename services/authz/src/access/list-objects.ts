import { Injectable } from '@nestjs/common';
import type { ListAccessibleObjects } from '@erato/contracts/authz/access';
import type { ObjectRef } from '@erato/contracts/authz/object-description';
import { unknownAction, unknownSubject } from '@erato/contracts/authz/permission';
import type { Page } from '@erato/contracts/kit/call';
import type { Context } from '@erato/contracts/kit/context';
import { Db } from '@erato/platform/database/db';
import { Keyset } from '@erato/platform/paging/keyset';
import { ActionTable } from '@erato/policy/actions';
import { compileSubject } from '@erato/policy/compile';
import type { Caller } from '@erato/policy/facts';
import { holdsScope, scopeOf } from '@erato/policy/scopes';
import { Judges } from '../decision/judges.js';
import { isOneself } from '../decision/listed.js';
import { LocalFacts } from '../fact/local-facts.js';
import { revisionReached } from '../ledger/revision-reached.js';
import { KnownSubjects } from '../principal/known-subjects.js';
import { ObjectCandidates } from './object-candidates.js';
import { pick } from './pick.js';

/** About whom a list is: the caller, under its scopes and ceiling, or somebody whom the caller may ask about. */
interface About {
  readonly subject: Caller;
  readonly own: boolean;
}

/**
 * Lists every object of a type with which a subject may do something: candidates come from SQL in the order of ids, and
 * each is confirmed by the decision, a chunk at a time (docs/decisions/0011).
 */
@Injectable()
export class ListObjects {
  constructor(
    private readonly db: Db,
    private readonly judges: Judges,
    private readonly facts: LocalFacts,
    private readonly subjects: KnownSubjects,
  ) {}

  async page(input: ListAccessibleObjects, context: Context): Promise<Page<ObjectRef>> {
    const { action, objectType: type } = input;
    const about = await this.#about(input, context);
    await revisionReached(this.db, context);
    const list = ['permissions/objects', about.subject.subjectType, about.subject.subjectId, action, type];
    const keyset = new Keyset(
      input,
      list,
      { column: 'id', type: 'text', idType: 'text', descending: false },
      1,
    );
    const candidates = await this.#candidates(about, action, type, context);
    const scope = scopeOf(type, action);
    if (about.own && scope !== undefined && !holdsScope(about.subject.scopes, scope)) {
      return keyset.picked<ObjectRef>([], null, null);
    }
    const given = keyset.values[1];
    const first = typeof given === 'string' ? given : null;
    const picked = await pick<ObjectRef, string>(context, keyset.limit, {
      next: (from, limit) => candidates.next({ id: from ?? first, backward: keyset.backward }, limit),
      confirm: (ids) =>
        this.#confirm(
          ids.map((id) => ({ type, id })),
          { about, action },
          context,
        ),
      at: ({ id }) => id,
    });
    const at = (id: string) => ({ value: id, id });
    const [nearest] = picked.found;
    const { reached } = picked;
    return keyset.picked(
      picked.found,
      nearest ? at(nearest.id) : null,
      reached === null ? null : at(reached),
    );
  }

  async #about({ subject }: ListAccessibleObjects, context: Context): Promise<About> {
    const { caller } = context;
    const [, type, id] = /^(user|team|organization):(.+)$/.exec(subject ?? '') ?? [];
    if (type !== 'user' && type !== 'team' && type !== 'organization') return { subject: caller, own: true };
    const named = { type, id: id ?? '' } as const;
    if (isOneself(named, caller)) return { subject: caller, own: true };
    if ((await this.subjects.unknown([named], context)).length > 0) {
      const error = { path: 'subject', code: 'unknown_subject', message: 'is not known' };
      throw unknownSubject({ errors: [error] });
    }
    return { subject: { subjectType: type, subjectId: named.id, scopes: [] }, own: false };
  }

  async #candidates({ subject }: About, slug: string, type: string, context: Context) {
    const { subjectType, subjectId, scopes } = subject;
    const asked = subjectType === 'guest' ? [] : [{ type: subjectType, id: subjectId }];
    const read = await this.facts.fetch({ subjects: asked, objects: [] }, context);
    const actions = new ActionTable(read.actions);
    if (actions.number(slug) === undefined) {
      const error = { path: 'action', code: 'unknown_action', message: 'is not among the actions' };
      throw unknownAction({ errors: [error] });
    }
    const [facts = { teams: [], organizations: [], audiences: [] }] = read.subjects;
    const compiled = compileSubject(subjectType, subjectId, { revision: read.revision, ...facts });
    const action = actions.parts(slug)[0] ?? 0;
    const wanted = { subject: compiled, actions, action, type };
    return new ObjectCandidates(this.db, wanted, scopes.includes('admin'));
  }

  /** Which of these the subject may do that to, and the caller may ask about. */
  async #confirm(
    refs: readonly ObjectRef[],
    { about: { subject, own }, action }: { about: About; action: string },
    context: Context,
  ): Promise<ObjectRef[]> {
    if (own && subject.scopes.includes('admin')) return [...refs];
    const callers = own ? [subject] : [subject, context.caller];
    const judge = await this.judges.reading(this.db, callers, refs, context);
    return refs.filter(
      (object) =>
        judge.may(subject, action, object, { scoped: own }) &&
        (own || judge.may(context.caller, 'admin', object)),
    );
  }
}
