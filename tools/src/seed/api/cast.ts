import { attempt, isProblem, type Erato, type ProblemCode } from '@erato/client';
import { labelAt, personAt, type LabelPlan, type PersonPlan } from '../world/cast.js';
import type { OwnerPlan } from '../world/workspace-plan.js';
import type { World } from '../world/world.js';
import { fewAtATime } from './few-at-a-time.js';

/** How many people of a world can sign in with the password: hashing takes its time. */
export const signIns = 12;
export const password = 'a seeded passphrase';

/** The people and labels of a world as they are in an installation, by their numbers. */
export interface Cast {
  /** User ids. */
  readonly people: readonly string[];
  readonly labels: readonly { readonly id: string; readonly teamId: string }[];
}

/** Who owns something, as rows and requests name it. */
export function ownerIn(
  cast: Cast,
  owner: OwnerPlan,
): { ownerType: 'organization' | 'user'; ownerId: string } {
  return 'label' in owner
    ? { ownerType: 'organization', ownerId: labelIn(cast, owner.label).id }
    : { ownerType: 'user', ownerId: personIn(cast, owner.person) };
}

export function personIn({ people }: Cast, number: number): string {
  const id = people[number];
  if (id === undefined) throw new Error(`there is no person ${String(number)} in the cast`);
  return id;
}

export function labelIn({ labels }: Cast, number: number): Cast['labels'][number] {
  const label = labels[number];
  if (label === undefined) throw new Error(`there is no label ${String(number)} in the cast`);
  return label;
}

/**
 * Makes the people and labels of a world, or finds those that are there. WorkOS knows them, so they come by the API whatever
 * the size of the world.
 * @param administrator with the scope `admin`
 */
export async function makeCast(administrator: Erato, world: World): Promise<Cast> {
  const numbers = (count: number): number[] => Array.from({ length: count }, (_, at) => at);
  const people = await fewAtATime(numbers(world.size.people), (number) =>
    aPerson(administrator, personAt(world, number)),
  );
  const labels = await fewAtATime(numbers(world.size.labels), (number) =>
    aLabel(administrator, labelAt(world, number), people),
  );
  return { people, labels };
}

async function aPerson(administrator: Erato, plan: PersonPlan): Promise<string> {
  const { number, email, handle, firstName, lastName, bio } = plan;
  const own = { email, handle, firstName, lastName, bio, displayName: `${firstName} ${lastName}` };
  const body = number < signIns ? { ...own, password } : own;
  const made = await attempt(administrator.post('/v1/users', { body }));
  if (made.ok) return made.answer.data.id;
  const { problem } = made;
  if (problem.code !== 'email_taken' && problem.code !== 'handle_taken') throw problem;
  const [known] = await administrator.list('/v1/users', { query: { email } }).take(1);
  if (known === undefined) throw problem;
  return known.id;
}

async function aLabel(
  administrator: Erato,
  plan: LabelPlan,
  people: readonly string[],
): Promise<Cast['labels'][number]> {
  const id = await anOrganization(administrator, plan);
  const roles: (readonly [number, string])[] = [
    [plan.boss, 'admin'],
    ...plan.team.map((person) => [person, 'member'] as const),
    [plan.viewer, 'viewer'],
  ];
  for (const [person, role] of roles) {
    const body = { userId: people[person] ?? '', role };
    await unless(
      administrator.post('/v1/organizations/{id}/members', { path: { id }, body }),
      'already_member',
    );
  }
  const teamId = await aTeam(administrator, id);
  for (const person of plan.team) {
    const input = { path: { id: teamId }, body: { userId: people[person] ?? '' } };
    await unless(administrator.post('/v1/teams/{id}/members', input), 'already_in_team');
  }
  return { id, teamId };
}

async function anOrganization(administrator: Erato, { name, slug }: LabelPlan): Promise<string> {
  const made = await attempt(
    administrator.post('/v1/organizations', { body: { name, slug, externalId: `seed-${slug}` } }),
  );
  if (made.ok) return made.answer.data.id;
  const { problem } = made;
  if (problem.code !== 'slug_taken' && problem.code !== 'external_id_taken') throw problem;
  const found = administrator.list('/v1/organizations', { query: { search: name, limit: 100 } });
  for await (const organization of found) if (organization.slug === slug) return organization.id;
  throw problem;
}

async function aTeam(administrator: Erato, organizationId: string): Promise<string> {
  const made = await attempt(administrator.post('/v1/teams', { body: { organizationId, name: 'A&R' } }));
  if (made.ok) return made.answer.data.id;
  const [known] = await administrator.list('/v1/teams', { query: { organizationId } }).take(1);
  if (known === undefined) throw made.problem;
  return known.id;
}

/** Waits for a call that may find its work done already. */
export async function unless(call: Promise<unknown>, code: ProblemCode): Promise<void> {
  try {
    await call;
  } catch (error) {
    if (!isProblem(error, code)) throw error;
  }
}
