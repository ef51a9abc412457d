import type { PermissionSubjectType } from './facts.js';

/** The audiences that a row of the level `static` may address. */
export type Audience = 'subscriber' | 'follower' | 'authenticated' | 'guest';

/** The four levels of rule 4 (authz.md). */
export type Level = PermissionSubjectType;

/** One voice in a decision: a level, or of the level `static` one audience. */
export interface Voice {
  level: Level;
  audience: Audience | null;
}

/**
 * Who is heard before whom (authz.md, rule 4). The first voice that speaks anywhere on the path decides; what it says is
 * read at the first distance at which it speaks. Decisions and list filters in SQL take their order from here.
 */
export const voices = [
  { level: 'user', audience: null },
  { level: 'team', audience: null },
  { level: 'organization', audience: null },
  { level: 'static', audience: 'subscriber' },
  { level: 'static', audience: 'follower' },
  { level: 'static', audience: 'authenticated' },
  { level: 'static', audience: 'guest' },
] as const satisfies readonly Voice[];

/** Place in `voices` of each level; of `static` the first audience's, the others follow in order. */
export const voiceOf = { user: 0, team: 1, organization: 2, static: 3 } as const satisfies Record<
  Level,
  number
>;

/** The audiences in the order in which they are heard: the most specific first. */
export const audiences = [
  'subscriber',
  'follower',
  'authenticated',
  'guest',
] as const satisfies readonly Audience[];

/** Within one voice and distance the highest wins: explicit deny, explicit allow, a role's grant. */
export const strength = { deny: 2, allow: 1, role: 0 } as const;

/** True where a static row's subject id is an audience that exists. */
export function isAudience(id: string): id is Audience {
  return (audiences as readonly string[]).includes(id);
}
