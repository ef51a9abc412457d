/** An object of any type, as permissions name it; a user, team or organization is named the same way. */
export interface ObjectRef {
  type: string;
  id: string;
}

/** The key under which an object's rows and a subject's principals are kept. Types hold no colon, ids may. */
export function objectKey(ref: ObjectRef): string {
  return `${ref.type}:${ref.id}`;
}

/** Whom a permission row addresses; of `static` the id is an audience (authz.md, "Tables"). */
export type PermissionSubjectType = 'user' | 'team' | 'organization' | 'static';

/** A row of `permissions`, read from the object on which it stands. */
export interface PermissionRow {
  id: string;
  subjectType: PermissionSubjectType;
  subjectId: string;
  action: string;
  /** `unset` is as if the row were not there. */
  value: 'allow' | 'deny' | 'unset';
  /** Milliseconds since 1970; from then on the row is as if not there. Null: it does not end. */
  expiresAt: number | null;
}

/** What a role grants: actions by object type. */
export type Grants = Readonly<Record<string, readonly string[]>>;

/** A row of `role_assignments` with its role, read from the object on which it stands. */
export interface Assignment {
  id: string;
  roleId: string;
  roleSlug: string;
  grants: Grants;
  subjectType: 'user' | 'team' | 'organization';
  subjectId: string;
  isOwner: boolean;
  /** As a permission's: milliseconds since 1970, or null. */
  expiresAt: number | null;
}

/** Everything that authz knows of one object and a decision needs: the rows on it, none of its parents'. */
export interface ObjectFacts {
  /** The authz revision of which this is the state. */
  revision: number;
  permissions: readonly PermissionRow[];
  assignments: readonly Assignment[];
}

/** An active membership of an organization. The home organization is no principal and never stands here. */
export interface Membership {
  id: string;
  roleSlug: string;
  /** Null: no role has that slug in the organization's scope, so it grants nothing. */
  grants: Grants | null;
  /** The member is as owner of the organization and of what it owns (authz.md, rule 3). */
  isAdmin: boolean;
}

/** Which audience of which workspace somebody belongs to. */
export interface AudienceMembership {
  audience: 'follower' | 'subscriber';
  workspaceId: string;
}

/** Whom a key of a workspace stands for. */
export interface SubjectOwner {
  type: 'user' | 'organization';
  id: string;
}

/** The principals of one subject: active memberships alone. */
export interface SubjectFacts {
  revision: number;
  /** Of a workspace, as its key calls: who owns it; null or left out where nobody knows. */
  owner?: SubjectOwner | null;
  teams: readonly string[];
  organizations: readonly Membership[];
  audiences: readonly AudienceMembership[];
}

/** Who may be decided about: the callers of http.md, and a team where a check names one. */
export type SubjectType = 'user' | 'organization' | 'workspace' | 'harbor' | 'guest' | 'team';

/** An API key's ceiling (authz.md): by object type what the key may do at most, there and on what lies below. */
export type Ceiling = Readonly<Record<string, { actions: readonly string[]; ids?: readonly string[] }>>;

/** Who asks (http.md, "Who calls"). To decide about somebody else, give that subject with no scopes and no ceiling. */
export interface Caller {
  subjectType: SubjectType;
  subjectId: string;
  scopes: readonly string[];
  ceiling?: Ceiling;
  keyId?: string;
  sessionId?: string;
}

/** An object on the way from the asked one to its root. */
export interface PathElement extends ObjectRef {
  ownerType?: 'user' | 'organization';
  ownerId?: string;
  /**
   * False: neither this element's owner, nor an admin of the organization that it is or that owns it, nor an
   * `is_owner` assignment on it makes an owner of the asked object. So stand a resource's author workspaces
   * ("on a resource only its own owner counts", authz.md, rule 3). Rows and roles on it count all the same. A key of
   * such a workspace owns the asked object where both have one owner (docs/decisions/0010). True when left out.
   */
  ownerCounts?: boolean;
}

/** The asked object alone in the first group, then outwards; elements at one distance are one group. */
export type Path = readonly (readonly PathElement[])[];

/** What the owning service states for everyone when nothing else answers (authz.md, rule 5). */
export interface Default {
  actions: readonly string[];
  /** Some of them because the caller is an author. */
  author?: boolean;
}
