import type { Level } from './precedence.js';

/** The levels whose addressees are subjects of their own. */
export type PeopleLevel = Exclude<Level, 'static'>;

/**
 * Of those whom an object's rows address, or of a subject's principals, by level: two sets of bits that each of them has a
 * bit in, by two rules. Two that have no bit in common in either set have nobody in common: a first look, on numbers that
 * lie where the decision reads anyway, which spares nearly all searches.
 */
export interface Signs {
  userSigns: number;
  userMarks: number;
  teamSigns: number;
  teamMarks: number;
  organizationSigns: number;
  organizationMarks: number;
}

/** What has signs and is read by every decision begins with them, side by side in memory; nobody's until they are set. */
export class Signed implements Signs {
  userSigns = 0;
  userMarks = 0;
  teamSigns = 0;
  teamMarks = 0;
  organizationSigns = 0;
  organizationMarks = 0;
}

/** The signs of those numbers (`numberOf`). */
export function signsOf(numbers: Readonly<Record<PeopleLevel, readonly number[]>>): Signs {
  return {
    userSigns: unionOf(numbers.user, signOf),
    userMarks: unionOf(numbers.user, markOf),
    teamSigns: unionOf(numbers.team, signOf),
    teamMarks: unionOf(numbers.team, markOf),
    organizationSigns: unionOf(numbers.organization, signOf),
    organizationMarks: unionOf(numbers.organization, markOf),
  };
}

/** The bit of a number in the first set; numbers of 30 bits, so that none needs a box. */
export const signOf = (number: number): number => 1 << (number % 30);

/** In the second: what of the number says nothing of its remainder by 30. */
const markOf = (number: number): number => 1 << ((number >>> 5) % 29);

function unionOf(numbers: readonly number[], bitOf: (number: number) => number): number {
  return numbers.reduce((all, number) => all | bitOf(number), 0);
}
