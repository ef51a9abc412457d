import type { FetchedFacts, FetchFacts } from '@erato/contracts/authz/facts';
import { builtInActions } from '@erato/policy/actions';
import type { PolicyContext, Target } from '@erato/policy/client/policy';
import { systemRoles } from '@erato/policy/system-roles';

/** An installation's permissions in numbers: 100,000 rows on 10,000 objects. */
export const world = {
  rows: 100_000,
  resources: 8_500,
  workspaces: 1_500,
  users: 2_000,
  teams: 300,
  organizations: 50,
};
const rowsEach = world.rows / (world.resources + world.workspaces);

/** Numbers that look random and are the same in every run. */
export function dice(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state * 48_271) % 2_147_483_647;
    return state % below;
  };
}

const id = (kind: string, number: number): string =>
  `0190${kind}-0000-7000-8000-${String(number).padStart(12, '0')}`;
export const resourceId = (number: number): string => id('0000', number);
const workspaceId = (number: number): string => id('1111', number);
const teamId = (number: number): string => id('2222', number);
const userId = (number: number): string => `user_${String(number)}`;
const organizationId = (number: number): string => `org_${String(number)}`;

const grantsOf = (scopeType: string, slug: string) =>
  systemRoles.find((role) => role.scopeType === scopeType && role.slug === slug)?.grants ?? {};
const wanted = ['read', 'update', 'delete'] as const;
const given = ['read', 'update', 'create', 'delete', 'write', 'manage', 'publish'] as const;

/** A permission row of the world: whom it addresses and what it says. */
export function aRow(roll: (below: number) => number) {
  const kind = roll(8);
  const [subjectType, subjectId] =
    kind < 4
      ? (['user', userId(roll(world.users))] as const)
      : kind < 6
        ? (['team', teamId(roll(world.teams))] as const)
        : kind < 7
          ? (['organization', organizationId(roll(world.organizations))] as const)
          : (['static', 'authenticated'] as const);
  const action = given[roll(given.length)] ?? 'read';
  return { subjectType, subjectId, action, value: roll(3) === 0 ? ('deny' as const) : ('allow' as const) };
}

function aSubject(
  type: FetchFacts['subjects'][number]['type'],
  subject: string,
  roll: (below: number) => number,
) {
  const grants = grantsOf('organization', 'member');
  return {
    type,
    id: subject,
    teams: [0, 1, 2].map(() => teamId(roll(world.teams))),
    organizations: [
      {
        id: organizationId(roll(world.organizations)),
        roleSlug: 'member',
        grants: { ...grants },
        isAdmin: false,
      },
    ],
    audiences: [0, 1, 2, 3, 4].map(() => ({
      audience: 'follower' as const,
      workspaceId: workspaceId(roll(world.workspaces)),
    })),
  };
}

function anObject(type: string, object: string, roll: (below: number) => number) {
  const editor = grantsOf('workspace', 'editor');
  return {
    type,
    id: object,
    permissions: Array.from({ length: rowsEach - 1 }, (_, at) => ({
      id: `${object}-${String(at)}`,
      ...aRow(roll),
      expiresAt: null,
    })),
    assignments: [
      {
        ...{ id: `${object}-role`, roleId: id('3333', 1), roleSlug: 'editor', grants: { ...editor } },
        ...{
          subjectType: 'user' as const,
          subjectId: userId(roll(world.users)),
          isOwner: false,
          expiresAt: null,
        },
      },
    ],
  };
}

/** As it is after a way over the bus: texts lie in memory as JSON's reader leaves them, not as they were put together. */
const overTheBus = <T>(value: T): T => JSON.parse(JSON.stringify(value)) as T;

/** Answers as authz does, from nothing but the dice. */
export class WorldFacts {
  private readonly roll = dice(7);

  fetch({ subjects, objects }: FetchFacts): Promise<FetchedFacts> {
    return Promise.resolve(
      overTheBus({
        revision: 1,
        subjects: subjects.map(({ type, id: subject }) => aSubject(type, subject, this.roll)),
        objects: objects.map(({ type, id: object }) => anObject(type, object, this.roll)),
        actions: builtInActions.map(({ slug, implies }) => ({ slug, implies: [...implies] })),
      }),
    );
  }
}

/** One question to the decision. */
export interface Question {
  readonly context: PolicyContext;
  readonly action: string;
  readonly target: Target;
}

const scopes = ['resources:write', 'workspaces:read'];

/** The question as a service has it: made of what a request and a row have just brought. */
export const asked = (text: string): Question => JSON.parse(text) as Question;

/** Users who ask for resources of a workspace, half of them an organization's; as JSON. */
export function questions(count: number): string[] {
  const roll = dice(42);
  return Array.from({ length: count }, (): string => {
    const organization = organizationId(roll(world.organizations));
    const owned = roll(2) === 0;
    const resource = {
      ...{ type: 'resource', id: resourceId(roll(world.resources)) },
      ...(owned
        ? { ownerType: 'organization' as const, ownerId: organization }
        : { ownerType: 'user' as const, ownerId: userId(roll(world.users)) }),
    };
    const workspace = { type: 'workspace', id: workspaceId(roll(world.workspaces)), ownerCounts: false };
    const path = [[resource], [workspace], ...(owned ? [[{ type: 'organization', id: organization }]] : [])];
    const caller = { subjectType: 'user' as const, subjectId: userId(roll(world.users)), scopes };
    return JSON.stringify({
      context: { caller, requestId: 'benchmark', deadline: Number.MAX_SAFE_INTEGER },
      action: wanted[roll(wanted.length)] ?? 'read',
      target: { path, everyone: ['read'] },
    } satisfies Question);
  });
}
