import type { Caller, Ceiling } from '@erato/contracts/kit/context';
import type { ActionTable } from '@erato/policy/actions';
import type { CompiledSubject } from '@erato/policy/compile';
import type { SubjectOwner } from '@erato/policy/facts';

/** The kinds of objects that content lists, as permissions name them. */
export type Kind = 'resource' | 'workspace';

/** The actions about which lists ask: `update` where a draft's `read` is decided so, or UNLISTED is asked for. */
export const listedActions = ['read', 'update'] as const;
export type ListedAction = (typeof listedActions)[number];

/** What a key's ceiling leaves of one type of element: whether it names those of any id, or which, and the actions. */
export interface Under {
  readonly ids: readonly string[] | null;
  readonly allows: Readonly<Record<ListedAction, boolean>>;
}

/** Everything about a caller that decides what lists show him; the same facts on which a decision is made. */
export interface Viewer {
  readonly administrator: boolean;
  readonly userId: string | null;
  /** The workspace whose key calls. */
  readonly keyWorkspaceId: string | null;
  /** Who owns that workspace, so that of what it has made the key owns what is his. */
  readonly keyOwner: SubjectOwner | null;
  /** `user:…` and `team:…`, as rows name them. */
  readonly people: readonly string[];
  /** `organization:…` of which it is a part. */
  readonly organizations: readonly string[];
  /** Organizations of which it is an admin. */
  readonly adminOf: readonly string[];
  /** By kind and action: organizations whose membership grants it. */
  readonly members: Readonly<Record<Kind, Readonly<Record<ListedAction, readonly string[]>>>>;
  readonly authenticated: boolean;
  readonly followed: readonly string[];
  readonly subscribed: readonly string[];
  /** By type of element; null where there is no ceiling. */
  readonly ceiling: Readonly<Record<Kind | 'organization', Under | null>> | null;
}

export function viewerOf(caller: Caller, subject: CompiledSubject, actions: ActionTable): Viewer {
  const organizations = subject.type === 'user' ? subject.facts.organizations : [];
  const granting = (kind: Kind, action: ListedAction): string[] => {
    const number = actions.number(action) ?? -1;
    return organizations
      .filter(({ grants }) => grants && actions.grants(grants).get(kind)?.[number] === 1)
      .map(({ id }) => id);
  };
  const members = (kind: Kind) => ({ read: granting(kind, 'read'), update: granting(kind, 'update') });
  return {
    administrator: caller.scopes.includes('admin'),
    userId: subject.userId,
    keyWorkspaceId: caller.subjectType === 'workspace' ? caller.subjectId : null,
    keyOwner: subject.facts.owner ?? null,
    people: [
      ...(subject.userId === null ? [] : [`user:${subject.userId}`]),
      ...subject.teams.ids.map((id) => `team:${id}`),
    ],
    organizations: subject.organizations.ids.map((id) => `organization:${id}`),
    adminOf: [...subject.adminOf],
    members: { resource: members('resource'), workspace: members('workspace') },
    authenticated: subject.authenticated,
    followed: [...subject.followed],
    subscribed: [...subject.subscribed],
    ceiling: caller.ceiling ? ceilingOf(caller.ceiling, actions) : null,
  };
}

function ceilingOf(ceiling: Ceiling, actions: ActionTable): NonNullable<Viewer['ceiling']> {
  const under = (type: string): Under | null => {
    const entry = Object.hasOwn(ceiling, type) ? ceiling[type] : undefined;
    if (!entry) return null;
    const allows = (action: ListedAction): boolean =>
      actions.isAllowedBy(entry.actions, actions.number(action) ?? -1);
    return { ids: entry.ids ?? null, allows: { read: allows('read'), update: allows('update') } };
  };
  return { resource: under('resource'), workspace: under('workspace'), organization: under('organization') };
}

/** Who may own something that is the viewer's, or opened to him by what he belongs to. */
export const ownersOf = ({ userId, organizations }: Viewer): string[] => [
  ...(userId === null ? [] : [userId]),
  ...organizations.map((key) => key.slice('organization:'.length)),
];

/** Whose works can be open to the viewer though they are not shown to everyone: his own, and of workspaces that he follows. */
export const authorsOf = (viewer: Viewer): string[] => [
  ...(viewer.userId === null ? [] : [viewer.userId]),
  ...workspacesOf(viewer),
];

/** Workspaces whose key calls, or that he follows. */
export const workspacesOf = ({ keyWorkspaceId, followed, subscribed }: Viewer): string[] => [
  ...(keyWorkspaceId === null ? [] : [keyWorkspaceId]),
  ...followed,
  ...subscribed,
];
