import type { ActionTable } from './actions.js';
import type { CompiledSubject, Principals } from './compile.js';
import type { Path, PathElement } from './facts.js';
import { bitOf, type Entry, outranks, speaks } from './entry.js';
import type { ObjectIndex } from './object-index.js';
import { type Audience, audiences, voiceOf, voices } from './precedence.js';

/**
 * Whether a static row on that element reaches the subject. `follower` and `subscriber` are audiences of a workspace: a
 * row on a workspace reaches those of that workspace, a row on another element those of any workspace on the path.
 */
export function inAudience(
  subject: CompiledSubject,
  audience: Audience,
  element: PathElement,
  path: Path,
): boolean {
  if (audience === 'guest') return true;
  if (audience === 'authenticated') return subject.authenticated;
  const workspaces = audience === 'subscriber' ? subject.subscribed : subject.followed;
  if (workspaces.size === 0) return false;
  if (element.type === 'workspace') return workspaces.has(element.id);
  return path.some((group) => group.some(({ type, id }) => type === 'workspace' && workspaces.has(id)));
}

/**
 * The levels of rule 4 (authz.md), heard in one walk over the path from the object outwards.
 *
 * The rule is told level by level, each over the whole path. One walk gives the same: of what has been heard, only a
 * voice that goes before it can still replace it at a greater distance, and at the same distance also the same voice
 * with something stronger. So whoever is left at the end is the first voice that spoke, at the first distance at which
 * it did, with the strongest that was said there.
 */
export class Hearing {
  /** Place in `voices` of who was heard; their number while nobody was. */
  voice: number = voices.length;
  entry: Entry | null = null;
  /** Where it was heard. */
  element: PathElement | null = null;
  private readonly bit: number;
  private heardAt = -1;
  private distance = -1;
  private current: PathElement | null = null;

  constructor(
    private readonly subject: CompiledSubject,
    private readonly path: Path,
    private readonly objectType: string,
    private readonly action: number,
    private readonly now: number,
  ) {
    this.bit = bitOf(action);
  }

  /** Hears one element; elements come nearest first. */
  listen(element: PathElement, distance: number, rows: ObjectIndex, table: ActionTable): void {
    const { subject } = this;
    this.current = element;
    this.distance = distance;
    if (
      (rows.userSigns & subject.userSigns) !== 0 &&
      (rows.userMarks & subject.userMarks) !== 0 &&
      this.open(voiceOf.user)
    ) {
      this.hear(voiceOf.user, rows, 0, rows.userEnd, subject.users);
    }
    if (
      (rows.teamSigns & subject.teamSigns) !== 0 &&
      (rows.teamMarks & subject.teamMarks) !== 0 &&
      this.open(voiceOf.team)
    ) {
      this.hear(voiceOf.team, rows, rows.userEnd, rows.teamEnd, subject.teams);
    }
    if (
      (rows.organizationSigns & subject.organizationSigns) !== 0 &&
      (rows.organizationMarks & subject.organizationMarks) !== 0 &&
      this.open(voiceOf.organization)
    ) {
      this.hear(voiceOf.organization, rows, rows.teamEnd, rows.organizationEnd, subject.organizations);
    }
    if (element.type === 'organization' && this.open(voiceOf.organization)) {
      const membership = subject.membership(element.id, table);
      if (membership && this.isSaid(membership)) this.take(voiceOf.organization, membership);
    }
    if ((rows.staticBits & this.bit) !== 0 && this.open(voiceOf.static))
      this.hearAudiences(element, rows.statics);
  }

  private hearAudiences(element: PathElement, statics: Entry | null): void {
    for (let one = statics; one !== null; one = one.next) {
      const voice = voiceOf.static + one.number;
      if (!this.open(voice)) return;
      const audience = audiences[one.number];
      if (audience === undefined || !this.isSaid(one)) continue;
      if (inAudience(this.subject, audience, element, this.path)) this.take(voice, one);
    }
  }

  /** Whether that voice can still change the answer at this distance. */
  private open(voice: number): boolean {
    return voice < this.voice || (voice === this.voice && this.distance === this.heardAt);
  }

  /** Hears the rows of a level, from one place up to another, that address one of those ids; both are sorted by number. */
  private hear(voice: number, rows: ObjectIndex, from: number, to: number, who: Principals): void {
    const { keys, entries } = rows;
    const { numbers, ids } = who;
    let at = from;
    for (let i = 0; i < numbers.length; i++) {
      const number = numbers[i] ?? 0;
      at = seek(keys, at, to, number);
      if (at === to) return;
      for (let same = at; same < to && keys[2 * same] === number; same++) {
        if (((keys[2 * same + 1] ?? 0) & this.bit) === 0) continue;
        const one = entries[same];
        if (one !== undefined && one.subjectId === ids[i] && this.isSaid(one)) this.take(voice, one);
      }
    }
  }

  private isSaid(one: Entry): boolean {
    return speaks(one, this.action, this.objectType, this.now);
  }

  /** Takes what was said by a voice that is open, unless the same voice has said something stronger there. */
  private take(voice: number, one: Entry): void {
    if (voice === this.voice && this.entry !== null && !outranks(one, this.entry)) return;
    this.voice = voice;
    this.heardAt = this.distance;
    this.entry = one;
    this.element = this.current;
  }
}

/** The first row from `from` on, up to `to`, whose addressee's number is not below that one. */
function seek(keys: readonly number[], from: number, to: number, number: number): number {
  let low = from;
  let high = to;
  while (high - low > 16) {
    const middle = (low + high) >>> 1;
    if ((keys[2 * middle] ?? 0) < number) low = middle + 1;
    else high = middle;
  }
  while (low < high && (keys[2 * low] ?? 0) < number) low++;
  return low;
}
