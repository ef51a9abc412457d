import { type DecisionInput, isDefault, leftOut, objectOf, type Rule, rowsOf } from './decide.js';
import type { ObjectRef, PathElement } from './facts.js';
import { inAudience } from './hearing.js';
import { assignmentEntry, type Entry, inForce, outranks, permissionEntry, speaks } from './entry.js';
import { ownershipOf, owningAssignment } from './owner.js';
import { type Audience, strength, type Voice, voices } from './precedence.js';

/** Why a row decided or did not. */
export type Why =
  | 'decides'
  /** It speaks, but a stronger one (or an equal one with a smaller id) stands at the same distance. */
  | 'outranked'
  | 'other_action'
  /** The role does not grant the action on that type of object. */
  | 'not_granted'
  | 'unset'
  | 'expired'
  /** No row of `permission_actions` has its action. */
  | 'unknown_action'
  /** It addresses an audience to which the subject does not belong here. */
  | 'not_in_audience'
  /** Of `is_owner` assignments: somebody else holds it. */
  | 'not_held'
  /** Of `is_owner` assignments on an element whose owner does not count. */
  | 'does_not_count';

/** A row that was considered. */
export interface RowTrace {
  permissionId?: string;
  /** Absent, beside `permissionId`, where the role comes with a membership. */
  assignmentId?: string;
  roleSlug?: string;
  subjectType: string;
  subjectId: string;
  action?: string;
  value: 'allow' | 'deny' | 'unset' | 'role' | 'owner';
  why: Why;
}

/** An element of the path as one rule or voice read it. */
export interface ElementTrace {
  element: ObjectRef;
  /** 0 is the asked object. */
  distance: number;
  rows: RowTrace[];
}

/** One rule, or of rule 4 one voice, in the order of authz.md. */
export interface RuleTrace {
  rule: Rule;
  audience?: Audience;
  /** False: an earlier one had answered. */
  reached: boolean;
  /** Null: it left the answer to the next. */
  allowed: boolean | null;
  /** The element on which it answered. */
  element?: ObjectRef;
  /** Of the rule `default`: the subject is an author. */
  author?: boolean;
  /** What it read, nearest first. */
  elements: ElementTrace[];
}

/** A row as a voice hears it. */
export interface Considered {
  row: RowTrace;
  /** Null: it could not speak whoever asks; `row.why` says why. */
  entry: Entry | null;
}

/** All rules for one action, each with what it read, up to the one that answers; told as authz.md tells them. */
export function traceOf(input: DecisionInput, action: number): RuleTrace[] {
  const readers: (() => RuleTrace)[] = [
    () => ({ ...told('administrator'), allowed: input.caller.scopes.includes('admin') ? true : null }),
    () => ceiling(input, action),
    () => owner(input),
    ...voices.map((voice) => () => heard(input, action, voice)),
    () => ({ ...told('default'), allowed: isDefault(input, action), author: input.default?.author === true }),
  ];
  const names: Pick<RuleTrace, 'rule' | 'audience'>[] = [
    ...(['administrator', 'ceiling', 'owner'] as const).map((rule) => ({ rule })),
    ...voices.map(({ level, audience }) => ({ rule: level, ...(audience !== null && { audience }) })),
    { rule: 'default' },
  ];
  let answered = false;
  return readers.map((read, at) => {
    const trace = answered ? { ...told('default'), reached: false } : read();
    answered ||= trace.allowed !== null;
    return { ...trace, ...(names[at] ?? {}) };
  });
}

function told(rule: Rule): RuleTrace {
  return { rule, reached: true, allowed: null, elements: [] };
}

function ceiling(input: DecisionInput, action: number): RuleTrace {
  const left = leftOut(input, action);
  if (left === null) return told('ceiling');
  return { ...told('ceiling'), allowed: false, ...(left.element && { element: refOf(left.element) }) };
}

function owner(input: DecisionInput): RuleTrace {
  const { subject, path, now } = input;
  const trace = told('owner');
  const object = objectOf(path);
  for (const [distance, group] of path.entries()) {
    for (const element of group) {
      const owners = rowsOf(input, element).facts.assignments.filter((one) => one.isOwner);
      const ownership = ownershipOf(subject, object, element, owners, now);
      const held = ownership === 'assignment' ? owningAssignment(subject, owners, now) : null;
      const rows = owners.map((one): RowTrace => {
        const { id: assignmentId, roleSlug, subjectType, subjectId } = one;
        const absent = element.ownerCounts === false ? 'does_not_count' : 'not_held';
        const why = one === held ? 'decides' : inForce(one.expiresAt, now) ? absent : 'expired';
        return { assignmentId, roleSlug, subjectType, subjectId, value: 'owner', why };
      });
      trace.elements.push({ element: refOf(element), distance, rows });
      if (ownership !== null) return { ...trace, allowed: true, element: refOf(element) };
    }
  }
  return trace;
}

/** One voice, from the object outwards, up to the distance at which it speaks. */
function heard(input: DecisionInput, action: number, voice: Voice): RuleTrace {
  const trace = told(voice.level);
  const { type } = objectOf(input.path);
  for (const [distance, group] of input.path.entries()) {
    let best: (Considered & { entry: Entry; element: PathElement }) | null = null;
    for (const element of group) {
      const considered = rowsFor(input, voice, element);
      trace.elements.push({ element: refOf(element), distance, rows: considered.map(({ row }) => row) });
      for (const { row, entry } of considered) {
        if (entry === null) continue;
        if (!inForce(entry.expiresAt, input.now)) row.why = 'expired';
        else if (!speaks(entry, action, type, input.now))
          row.why = entry.grants ? 'not_granted' : 'other_action';
        else if (best === null || outranks(entry, best.entry)) best = { row, entry, element };
      }
    }
    if (best !== null) {
      best.row.why = 'decides';
      return { ...trace, allowed: best.entry.kind !== strength.deny, element: refOf(best.element) };
    }
  }
  return trace;
}

/** The rows on an element that address the subject at that voice; of an audience also those that do not reach it. */
export function rowsFor(input: DecisionInput, voice: Voice, element: PathElement): Considered[] {
  const { subject, actions, path } = input;
  const { facts } = rowsOf(input, element);
  const addressed = { user: subject.users, team: subject.teams, organization: subject.organizations };
  const considered: Considered[] = [];
  for (const row of facts.permissions) {
    if (row.subjectType !== voice.level) continue;
    const isSaid =
      row.subjectType === 'static'
        ? row.subjectId === voice.audience
        : addressed[row.subjectType].has(row.subjectId);
    if (!isSaid) continue;
    const { id: permissionId, subjectType, subjectId, action, value } = row;
    const told = { permissionId, subjectType, subjectId, action, value };
    const reached = voice.audience === null || inAudience(subject, voice.audience, element, path);
    const entry = reached ? permissionEntry(row, actions) : null;
    const silent = value === 'unset' ? 'unset' : reached ? 'unknown_action' : 'not_in_audience';
    considered.push({ row: { ...told, why: entry === null ? silent : 'outranked' }, entry });
  }
  for (const row of facts.assignments) {
    if (row.subjectType !== voice.level || !addressed[row.subjectType].has(row.subjectId)) continue;
    const { id: assignmentId, roleSlug, subjectType, subjectId } = row;
    const told: RowTrace = {
      assignmentId,
      roleSlug,
      subjectType,
      subjectId,
      value: 'role',
      why: 'outranked',
    };
    considered.push({ row: told, entry: assignmentEntry(row, actions) });
  }
  const membership = voice.level === 'organization' && element.type === 'organization';
  const entry = membership ? subject.membership(element.id, actions) : undefined;
  if (entry) {
    const roleSlug = entry.membershipRole ?? '';
    const told: RowTrace = {
      roleSlug,
      subjectType: 'organization',
      subjectId: element.id,
      value: 'role',
      why: 'outranked',
    };
    considered.push({ row: told, entry });
  }
  return considered;
}

function refOf({ type, id }: PathElement): ObjectRef {
  return { type, id };
}
