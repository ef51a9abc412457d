import type { FactObject, FactSubject, PrincipalRef } from '@erato/contracts/authz/facts';
import { timedOut, unavailable } from '@erato/contracts/kit/failure';
import { type ActionRow, ActionTable } from '../actions.js';
import { type CompiledObject, compileObject, type CompiledSubject, compileSubject } from '../compile.js';
import { type ObjectFacts, type ObjectRef, objectKey, type SubjectFacts } from '../facts.js';
import { type Accept, type Accepted, Batch, batchBound } from './batch.js';
import { countEmptied, countLookups } from './cache-metrics.js';
import { Facts } from './collected-facts.js';
import type { FactsSource } from './facts-source.js';
import { type Entry, Kept } from './kept.js';
import { Renewals, renewAfterMs } from './renewals.js';
import { RevisionTrack } from './revision-track.js';
import { RefMap } from '../ref-map.js';

/** What a request says about the facts that it is decided on. */
export interface Wanted {
  readonly requestId: string;
  readonly deadline: number;
  /** Facts at least this new (authz.md, `Erato-Consistency`). */
  readonly consistency?: number;
}

/** Whatever else is kept by object and dropped by the same events. */
export interface Follower {
  drop(object: ObjectRef, revision: number): void;
  empty(): void;
}

/** How long a second look may take: a no that stands already does not wait for a service that hangs. */
const freshPatienceMs = 1_000;

/** Pauses between asking again for what was too old, in milliseconds. */
const pauses = [5, 10, 20, 40, 80, 160, 250];

/**
 * The two caches of authz.md ("Where it runs"): principals by subject, rows by object. Misses of one tick travel in one
 * message. What comes is thrown away, and asked for again, where an event that came meanwhile is newer.
 */
export class FactsCache {
  readonly track = new RevisionTrack();
  readonly #subjects = new Kept<CompiledSubject>(this.track, {
    maxEntries: 50_000,
    maxWeight: 500_000,
    weight: ({ facts }) => facts.teams.length + facts.organizations.length + facts.audiences.length,
  });
  readonly #objects = new Kept<CompiledObject>(this.track, {
    maxEntries: 100_000,
    maxWeight: 300_000,
    weight: ({ facts }) => facts.permissions.length + facts.assignments.length,
  });
  readonly #followers: Follower[] = [];
  readonly #underWay = new Map<string, Batch>();
  readonly #renewals = new Renewals((batch) => batch.send(this.source, this.#acceptor()));
  #next: Batch | undefined;
  #actions = new ActionTable();
  #actionsAre = '';

  constructor(private readonly source: FactsSource) {}

  /** Lets something else be dropped by the same events. */
  follow(follower: Follower): void {
    this.#followers.push(follower);
  }

  /**
   * The facts about these subjects and objects: at once where they are cached, else after one message.
   *
   * @throws Failure `unavailable` where authz is away or does not reach the wanted revision before the deadline
   */
  collect(
    subjects: readonly PrincipalRef[],
    objects: readonly ObjectRef[],
    wanted: Wanted,
  ): Facts | Promise<Facts> {
    const facts = new Facts(this.#actions);
    const missing = this.#find(facts, subjects, objects, wanted);
    countLookups('subjects', subjects.length - missing.subjects.length, missing.subjects.length);
    countLookups('objects', objects.length - missing.objects.length, missing.objects.length);
    if (missing.subjects.length + missing.objects.length === 0) return facts;
    return this.#load(subjects, objects, wanted);
  }

  /** Asks for all of this again, whatever is cached, with memberships as the service that knows them has them now. */
  async refresh(
    subjects: readonly PrincipalRef[],
    objects: readonly ObjectRef[],
    wanted: Wanted,
  ): Promise<void> {
    for (let at = 0; at === 0 || at < objects.length; at += batchBound) {
      const batch = new Batch();
      if (at === 0) for (const each of subjects) batch.subjects.set(objectKey(each), each);
      for (const each of objects.slice(at, at + batchBound)) batch.objects.set(objectKey(each), each);
      batch.wait({ ...wanted, deadline: Math.min(wanted.deadline, Date.now() + freshPatienceMs) });
      await batch.send(this.source, this.#acceptor(), true);
      await batch.answer;
    }
  }

  /** An event about an object: what is older is forgotten. */
  objectChanged(object: ObjectRef, revision: number): void {
    this.#heard(revision);
    this.#dropObject(object, revision);
  }

  /** An event about a subject. */
  subjectChanged(subject: ObjectRef, revision: number): void {
    this.#heard(revision);
    this.#subjects.drop(subject, revision);
  }

  /** An event about a role or an action: whoever holds it is not known here, so everything is forgotten. */
  rulesChanged(revision: number): void {
    this.#heard(revision);
    this.track.forgetBefore(revision);
    this.#empty('role');
  }

  /** After a reconnection, or an event that could not be read: what was missed is not known. */
  restart(): void {
    this.track.restart();
    this.#empty('reconnect');
  }

  /** Forgets an object’s and a subject’s rows in the process that changed them, before the event comes back. */
  forget(
    changed: { objects: readonly ObjectRef[]; subjects: readonly PrincipalRef[] },
    revision: number,
  ): void {
    for (const each of changed.objects) this.#dropObject(each, revision);
    for (const each of changed.subjects) this.#subjects.drop(each, revision);
  }

  #dropObject(object: ObjectRef, revision: number): void {
    this.#objects.drop(object, revision);
    for (const follower of this.#followers) follower.drop(object, revision);
  }

  #heard(revision: number): void {
    if (this.track.hear(revision)) this.#empty('gap');
  }

  #empty(reason: 'gap' | 'reconnect' | 'role'): void {
    countEmptied(reason);
    this.#subjects.empty();
    this.#objects.empty();
    this.#underWay.clear();
    for (const follower of this.#followers) follower.empty();
  }

  /** Puts what is cached, or has just come, into `facts`, and gives what is not there. */
  #find(
    facts: Facts,
    subjects: readonly PrincipalRef[],
    objects: readonly ObjectRef[],
    { consistency }: Wanted,
    come: readonly Accepted[] = [],
  ): { subjects: PrincipalRef[]; objects: ObjectRef[] } {
    const now = Date.now();
    const missing = { subjects: [] as PrincipalRef[], objects: [] as ObjectRef[] };
    for (const each of subjects) {
      const entry =
        this.#subjects.get(each, now, consistency) ?? arrived('subjects', each, come, consistency ?? 0);
      if (entry === undefined) missing.subjects.push(each);
      else {
        facts.addSubject(each, entry.value, this.#subjects.revisionOf(entry));
        if (now - entry.askedAt > renewAfterMs) this.#renewals.subject(each);
      }
    }
    for (const each of objects) {
      const entry =
        this.#objects.get(each, now, consistency) ?? arrived('objects', each, come, consistency ?? 0);
      if (entry === undefined) missing.objects.push(each);
      else {
        facts.addObject(each, entry.value, this.#objects.revisionOf(entry));
        if (now - entry.askedAt > renewAfterMs) this.#renewals.object(each);
      }
    }
    return missing;
  }

  async #load(
    subjects: readonly PrincipalRef[],
    objects: readonly ObjectRef[],
    wanted: Wanted,
  ): Promise<Facts> {
    for (let tries = 0; ; tries++) {
      const missing = this.#find(new Facts(this.#actions), subjects, objects, wanted);
      const batches = new Set<Batch>();
      for (const each of missing.subjects) batches.add(this.#ask('subjects', each, wanted));
      for (const each of missing.objects) batches.add(this.#ask('objects', each, wanted));
      const come = await Promise.all([...batches].map((batch) => batch.answer));
      const facts = new Facts(this.#actions);
      const still = this.#find(facts, subjects, objects, wanted, come);
      if (Date.now() > wanted.deadline) throw timedOut();
      if (still.subjects.length + still.objects.length === 0) return facts;
      const pause = pauses[Math.min(tries, pauses.length - 1)] ?? 250;
      if (Date.now() + pause > wanted.deadline) {
        throw unavailable({ detail: 'Permissions are not yet as new as wanted.' });
      }
      await new Promise((resolve) => setTimeout(resolve, pause));
    }
  }

  /** The message that already asks for it, or the one that leaves at the end of this tick. */
  #ask(kind: 'subjects' | 'objects', ref: ObjectRef, wanted: Wanted): Batch {
    const key = objectKey(ref);
    const asked = this.#underWay.get(`${kind} ${key}`);
    if (asked !== undefined) return asked;
    const batch = this.#open();
    batch.wait(wanted);
    if (kind === 'subjects') batch.subjects.set(key, ref as PrincipalRef);
    else batch.objects.set(key, ref);
    this.#underWay.set(`${kind} ${key}`, batch);
    return batch;
  }

  #open(): Batch {
    if (this.#next?.full === false) return this.#next;
    const batch = new Batch();
    this.#next = batch;
    setImmediate(() => {
      if (this.#next === batch) this.#next = undefined;
      void this.#send(batch);
    });
    return batch;
  }

  async #send(batch: Batch): Promise<void> {
    await batch.send(this.source, this.#acceptor());
    for (const key of batch.keys()) {
      if (this.#underWay.get(key) === batch) this.#underWay.delete(key);
    }
  }

  /** Keeps of an answer what no event has overtaken since it was asked for. */
  #acceptor(): Accept {
    const { epoch } = this.track;
    return (reply, askedAt) => {
      const accepted: Accepted = { subjects: new RefMap(), objects: new RefMap() };
      const { revision } = reply;
      if (!this.track.admits(revision, epoch)) return accepted;
      this.#learnActions(reply.actions);
      for (const each of reply.subjects) {
        const value = compileSubject(each.type, each.id, subjectFacts(each, revision));
        const entry = { value, revision, askedAt };
        if (this.#subjects.keep(each, entry)) accepted.subjects.set(each, entry);
      }
      for (const each of reply.objects) {
        const entry = { value: compileObject(objectFacts(each, revision)), revision, askedAt };
        if (this.#objects.keep(each, entry)) accepted.objects.set(each, entry);
      }
      return accepted;
    };
  }

  /** A new table only where something changed: what was compiled compiles itself again for each new one. */
  #learnActions(actions: readonly ActionRow[]): void {
    const are = JSON.stringify(actions);
    if (are === this.#actionsAre) return;
    this.#actionsAre = are;
    this.#actions = new ActionTable(actions);
  }
}

const subjectFacts = (
  { owner, teams, organizations, audiences }: FactSubject,
  revision: number,
): SubjectFacts => ({
  revision,
  ...(owner && { owner }),
  teams,
  organizations,
  audiences,
});

const objectFacts = ({ permissions, assignments }: FactObject, revision: number): ObjectFacts => ({
  revision,
  permissions,
  assignments,
});

/** What has just come and was accepted counts even where the cache had no room for it. */
function arrived<K extends 'subjects' | 'objects'>(
  kind: K,
  ref: ObjectRef,
  come: readonly Accepted[],
  consistency: number,
): Entry<Accepted[K] extends RefMap<Entry<infer V>> ? V : never> | undefined {
  for (const accepted of come) {
    const entry = accepted[kind].get(ref);
    if (entry !== undefined && entry.revision >= consistency) return entry as never;
  }
  return undefined;
}
