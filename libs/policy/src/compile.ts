import type { ActionTable } from './actions.js';
import type { Assignment, ObjectFacts, ObjectRef, PathElement, SubjectFacts, SubjectType } from './facts.js';
import { type Entry, membershipEntry, numberOf } from './entry.js';
import { indexObject, type ObjectIndex } from './object-index.js';
import { Signed, signOf, signsOf } from './signs.js';

/** An object's rows, kept in a cache and indexed once. It is its own index: one step less for memory to follow. */
export class CompiledObject extends Signed implements ObjectIndex {
  private table: ActionTable | null = null;
  owners: readonly Assignment[] | null = null;
  staticBits = 0;
  statics: Entry | null = null;
  keys: readonly number[] = [];
  entries: readonly Entry[] = [];
  userEnd = 0;
  teamEnd = 0;
  organizationEnd = 0;

  constructor(readonly facts: ObjectFacts) {
    super();
  }

  /** The rows by level and addressee; made on first use, and again after the actions have changed. */
  index(table: ActionTable): ObjectIndex {
    if (this.table !== table) {
      Object.assign(this, indexObject(this.facts, table));
      this.table = table;
    }
    return this;
  }
}

/** Prepares an object's rows for decisions; they must not be changed afterwards. */
export function compileObject(facts: ObjectFacts): CompiledObject {
  return new CompiledObject(facts);
}

/** An object on which there is no row, for what is about to be created. A cache miss is something else: it must be filled. */
export const noRows = compileObject({ revision: 0, permissions: [], assignments: [] });

/** No principals at all: what a subject has that belongs to nothing. */
export const noPrincipals: SubjectFacts = { revision: 0, teams: [], organizations: [], audiences: [] };

/** The ids under which one level addresses a subject, sorted by `numberOf`, side by side with those numbers. */
export class Principals {
  readonly ids: readonly string[];
  readonly numbers: readonly number[];
  private readonly set: ReadonlySet<string>;

  constructor(ids: Iterable<string>) {
    this.set = new Set(ids);
    const sorted = [...this.set].map((id) => ({ id, number: numberOf(id) }));
    sorted.sort((a, b) => a.number - b.number);
    this.ids = sorted.map((one) => one.id);
    this.numbers = sorted.map((one) => one.number);
  }

  has(id: string): boolean {
    return this.set.has(id);
  }
}

/**
 * Who is decided about, with its principals. What a kind of subject cannot be is dropped here, once:
 * a user is itself, its teams, its organizations and its audiences; a team is itself, with the organizations that
 * the facts name; a key of an organization is an admin of that organization and nothing else; a key of a
 * workspace or harbor has no level but `static`; a guest has no audience but `guest`.
 */
export class CompiledSubject extends Signed {
  /** The id under which the level `user` addresses the subject; null when it is no user. */
  readonly userId: string | null;
  /** Whether it is an admin of any organization. */
  readonly isAdmin: boolean;
  readonly users: Principals;
  readonly teams: Principals;
  readonly organizations: Principals;
  readonly adminOf: ReadonlySet<string>;
  /** Workspaces by audience. */
  readonly followed: ReadonlySet<string>;
  readonly subscribed: ReadonlySet<string>;
  readonly authenticated: boolean;
  private table: ActionTable | null = null;
  private memberships: readonly Entry[] = [];

  constructor(
    readonly type: SubjectType,
    readonly id: string,
    readonly facts: SubjectFacts,
  ) {
    super();
    const inPeople = type === 'user' || type === 'team';
    const own = (is: SubjectType): string[] => (type === is ? [id] : []);
    const audience = (which: 'follower' | 'subscriber'): Set<string> =>
      new Set(
        type === 'guest' ? [] : facts.audiences.filter((a) => a.audience === which).map((a) => a.workspaceId),
      );
    const admin = type === 'user' ? facts.organizations.filter((o) => o.isAdmin).map((o) => o.id) : [];
    this.userId = type === 'user' ? id : null;
    this.isAdmin = type === 'organization' || admin.length > 0;
    this.users = new Principals(own('user'));
    this.teams = new Principals([...own('team'), ...(type === 'user' ? facts.teams : [])]);
    this.organizations = new Principals([
      ...own('organization'),
      ...(inPeople ? facts.organizations.map((o) => o.id) : []),
    ]);
    this.adminOf = new Set([...own('organization'), ...admin]);
    this.followed = audience('follower');
    this.subscribed = audience('subscriber');
    this.authenticated = type !== 'guest';
    const { users, teams, organizations } = this;
    Object.assign(
      this,
      signsOf({ user: users.numbers, team: teams.numbers, organization: organizations.numbers }),
    );
  }

  /**
   * What the membership of that organization grants to a user; undefined without one, or with a role that nobody knows.
   * People belong to few organizations: looking through them is quicker than a table.
   */
  membership(organizationId: string, table: ActionTable): Entry | undefined {
    if ((this.organizationSigns & signOf(numberOf(organizationId))) === 0) return undefined;
    if (this.table !== table) {
      this.table = table;
      this.memberships = this.type === 'user' ? membershipsOf(this.facts, table) : [];
    }
    for (const one of this.memberships) if (one.subjectId === organizationId) return one;
    return undefined;
  }

  /** True for the element that a key of a workspace or harbor is the owner of. */
  isKeyOf(element: ObjectRef): boolean {
    return (
      (this.type === 'workspace' || this.type === 'harbor') &&
      this.type === element.type &&
      this.id === element.id
    );
  }

  /** Whether that object and the workspace whose key calls have one owner. */
  sharesOwner({ ownerType, ownerId }: PathElement): boolean {
    const { owner } = this.facts;
    return owner?.id !== undefined && owner.id === ownerId && owner.type === ownerType;
  }
}

/** Prepares a subject's principals for decisions; they must not be changed afterwards. */
export function compileSubject(type: SubjectType, id: string, facts: SubjectFacts): CompiledSubject {
  return new CompiledSubject(type, id, facts);
}

/** The guest, who has no principals that could be looked up. */
export const guest = compileSubject('guest', 'guest', noPrincipals);

function membershipsOf(facts: SubjectFacts, table: ActionTable): Entry[] {
  return facts.organizations.flatMap(({ id, roleSlug, grants }) =>
    grants === null ? [] : [membershipEntry(id, roleSlug, table.grants(grants))],
  );
}
