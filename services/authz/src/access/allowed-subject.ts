import type { AccessRoute } from '@erato/contracts/authz/access';
import type { ObjectRef } from '@erato/contracts/authz/object-description';
import { noPrincipals } from '@erato/policy/compile';
import { decide } from '@erato/policy/decide';
import type { Caller, SubjectFacts } from '@erato/policy/facts';
import { audiences, isAudience } from '@erato/policy/precedence';
import { type Route, routesOf } from '@erato/policy/routes';
import type { Judge } from '../decision/judge.js';

/** What is asked about every subject of a list. */
export interface Question {
  readonly object: ObjectRef;
  readonly action: string;
}

/** The types of subjects in the order in which they are listed. */
export const subjectOrder = ['static', 'organization', 'team', 'user'] as const;
export type ListedSubject = (typeof subjectOrder)[number];

/** Audiences as they are listed: the widest first. */
export const listedAudiences: readonly string[] = [...audiences].reverse();

/** By which routes a subject may; null where it may not. */
export function routesFor(
  judge: Judge,
  type: ListedSubject,
  id: string,
  { object, action }: Question,
): AccessRoute[] | null {
  const caller = type === 'static' ? memberOf(id) : { subjectType: type, subjectId: id, scopes: [] };
  const input = judge.input(caller, action, object);
  if (!input || !decide(input).allowed) return null;
  return routesOf(input).map(toRoute);
}

/** Somebody who is in an audience and nothing else. */
const memberOf = (audience: string): Caller =>
  audience === 'guest'
    ? { subjectType: 'guest', subjectId: '', scopes: [] }
    : { subjectType: 'harbor', subjectId: `any ${audience}`, scopes: [] };

/** A judge that knows who is in an audience of the workspaces on the object's path, and is nothing else. */
export function withAudiences(judge: Judge, object: ObjectRef): Judge {
  const workspaces = judge.pathOf(object).filter(({ type }) => type === 'workspace');
  const somebody = listedAudiences
    .filter((audience) => audience !== 'guest')
    .map((audience) => {
      const followed: SubjectFacts['audiences'] =
        isAudience(audience) && (audience === 'follower' || audience === 'subscriber')
          ? workspaces.map(({ id }) => ({ audience, workspaceId: id }))
          : [];
      return {
        type: 'harbor' as const,
        id: `any ${audience}`,
        ...noPrincipals,
        teams: [],
        organizations: [],
        audiences: [...followed],
      };
    });
  return judge.with(somebody, judge.revision);
}

function toRoute({ roleSlug, ...route }: Route): AccessRoute {
  return { ...route, ...(roleSlug !== undefined && roleSlug !== '' && { role: roleSlug }) };
}
