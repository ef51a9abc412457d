import { Chance } from './chance.js';
import { adjectives, cities, firstNames, lastNames, nouns } from './words.js';
import { peoplePerLabel, type World } from './world.js';

/** Somebody with a login. */
export interface PersonPlan {
  readonly number: number;
  readonly email: string;
  readonly handle: string;
  readonly firstName: string;
  readonly lastName: string;
  readonly bio: string;
}

/** A label: an organization with its people. */
export interface LabelPlan {
  readonly number: number;
  readonly name: string;
  readonly slug: string;
  /** People by their numbers: who leads it, its A&R team, who only looks. */
  readonly boss: number;
  readonly team: readonly number[];
  readonly viewer: number;
}

const roles = [
  'Writes songs',
  'Produces records',
  'Plays bass',
  'Finds music',
  'Mixes at night',
  'Books shows',
] as const;

export function personAt({ seed, tag }: World, number: number): PersonPlan {
  const chance = new Chance(`${seed} person ${String(number)}`);
  const firstName = chance.one(firstNames);
  const lastName = chance.one(lastNames);
  const name = `${firstName}.${lastName}`.toLowerCase();
  return {
    ...{ number, firstName, lastName },
    email: `${name}.${String(number)}@${tag}.seed.example`,
    handle: `${firstName}_${tag}_${String(number)}`.toLowerCase(),
    bio: `${chance.one(roles)} in ${chance.one(cities)}.`,
  };
}

export function labelAt({ seed, tag }: World, number: number): LabelPlan {
  const chance = new Chance(`${seed} label ${String(number)}`);
  const name = `${chance.one(adjectives)} ${chance.one(nouns)} ${chance.one(['Records', 'Recordings', 'Music'])}`;
  const first = number * peoplePerLabel;
  return {
    ...{ number, name },
    slug: `${name.toLowerCase().replaceAll(' ', '-')}-${tag}-${String(number)}`,
    ...{ boss: first, team: [first + 1, first + 2], viewer: first + 3 },
  };
}

/** The numbers of those who belong to no label: they release their music themselves. */
export function independents({ size }: World): readonly number[] {
  const first = size.labels * peoplePerLabel;
  return Array.from({ length: size.people - first }, (_, at) => first + at);
}
