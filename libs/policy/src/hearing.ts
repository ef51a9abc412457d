import type { ActionTable } from './actions.js';
import type { CompiledSubject } from './compile.js';
import type { Path, PathElement } from './facts.js';
import { type Entry, type LevelIndex, type ObjectIndex, outranks, speaks } from './object-index.js';
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
  distance = -1;
  entry: Entry | null = null;
  element: PathElement | null = null;

  constructor(
    private readonly subject: CompiledSubject,
    private readonly path: Path,
    private readonly objectType: string,
    private readonly action: number,
    private readonly now: number,
  ) {}

  /** Hears one element; elements come nearest first. */
  listen(element: PathElement, distance: number, rows: ObjectIndex, table: ActionTable): void {
    const { subject } = this;
    if (rows.user !== null && subject.userId !== null && this.open(voiceOf.user, distance)) {
      this.hear(voiceOf.user, distance, element, rows.user.bySubject.get(subject.userId));
    }
    if (rows.team !== null && this.open(voiceOf.team, distance)) {
      this.hearAll(voiceOf.team, distance, element, rows.team, subject.teams);
    }
    if (subject.organizations.size > 0 && this.open(voiceOf.organization, distance)) {
      if (rows.organization !== null) {
        this.hearAll(voiceOf.organization, distance, element, rows.organization, subject.organizations);
      }
      if (element.type === 'organization') {
        const membership = subject.membership(element.id, table);
        if (membership) this.hearOne(voiceOf.organization, distance, element, membership);
      }
    }
    if (rows.static !== null) this.hearAudiences(distance, element, rows.static);
  }

  private hearAudiences(
    distance: number,
    element: PathElement,
    rows: readonly (readonly Entry[] | null)[],
  ): void {
    for (let at = 0; at < audiences.length; at++) {
      const audience = audiences[at];
      const entries = rows[at];
      if (!audience || !entries || !this.open(voiceOf.static + at, distance)) continue;
      if (inAudience(this.subject, audience, element, this.path)) {
        this.hear(voiceOf.static + at, distance, element, entries);
      }
    }
  }

  /** Whether that voice can still change the answer at that distance. */
  private open(voice: number, distance: number): boolean {
    return voice < this.voice || (voice === this.voice && distance === this.distance);
  }

  private hearAll(
    voice: number,
    distance: number,
    element: PathElement,
    rows: LevelIndex,
    subjects: ReadonlySet<string>,
  ): void {
    if (subjects.size < rows.subjects.length) {
      for (const id of subjects) this.hear(voice, distance, element, rows.bySubject.get(id));
      return;
    }
    for (const id of rows.subjects) {
      if (subjects.has(id)) this.hear(voice, distance, element, rows.bySubject.get(id));
    }
  }

  private hear(
    voice: number,
    distance: number,
    element: PathElement,
    entries: readonly Entry[] | undefined,
  ): void {
    if (entries === undefined) return;
    for (const one of entries) this.hearOne(voice, distance, element, one);
  }

  private hearOne(voice: number, distance: number, element: PathElement, one: Entry): void {
    if (!speaks(one, this.action, this.objectType, this.now)) return;
    if (voice === this.voice && this.entry !== null && !outranks(one, this.entry)) return;
    this.voice = voice;
    this.distance = distance;
    this.entry = one;
    this.element = element;
  }
}
