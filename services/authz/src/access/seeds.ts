import type { ActionTable } from '@erato/policy/actions';
import type { CompiledSubject } from '@erato/policy/compile';
import type { ObjectRef } from '@erato/policy/facts';

/** Under which names something can speak for a subject, as tables name them. */
export interface Seeds {
  /** Whom rows and assignments address: itself, its teams and organizations, the audiences that it can be in. */
  readonly keys: readonly ObjectRef[];
  /** Whose property is its own: itself, organizations of which it is an admin. */
  readonly owners: readonly ObjectRef[];
  /** Elements that are the subject's without any row: by membership, as a key, and itself as an author. */
  readonly seeds: readonly ObjectRef[];
  /** Workspaces that it follows or subscribes. */
  readonly followed: readonly string[];
  /** The actions of which an allow allows what is asked. */
  readonly allowing: readonly string[];
}

/** All of it for a question about objects of a type. */
export function seedsOf(
  subject: CompiledSubject,
  { actions, action, type }: { actions: ActionTable; action: number; type: string },
): Seeds {
  const named = (of: string, ids: Iterable<string>): ObjectRef[] => [...ids].map((id) => ({ type: of, id }));
  const followed = [...subject.followed, ...subject.subscribed];
  const audiences = [
    'guest',
    ...(subject.authenticated ? ['authenticated'] : []),
    ...(subject.followed.size > 0 ? ['follower'] : []),
    ...(subject.subscribed.size > 0 ? ['subscriber'] : []),
  ];
  const isKey = subject.type === 'workspace' || subject.type === 'harbor';
  const members = subject.organizations.ids.filter(
    (id) => subject.membership(id, actions)?.grants?.get(type)?.[action] === 1,
  );
  return {
    keys: [
      ...named('user', subject.users.ids),
      ...named('team', subject.teams.ids),
      ...named('organization', subject.organizations.ids),
      ...named('static', audiences),
    ],
    owners: [...named('user', subject.users.ids), ...named('organization', subject.adminOf)],
    seeds: [
      ...named('organization', new Set([...subject.adminOf, ...members])),
      ...named('user', subject.users.ids),
      ...(isKey ? [{ type: subject.type, id: subject.id }] : []),
    ],
    followed,
    allowing: actions.slugs.filter((_, at) => actions.allows[at]?.[action] === 1),
  };
}
