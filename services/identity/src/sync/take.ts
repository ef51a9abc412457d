/**
 * How what WorkOS says is taken over: only what is newer than what is known, as events and answers are; or, by a rebuild, also
 * what bears the same time and says something else, which only a mirror that was damaged can show.
 */
export type Take = 'newer' | 'as it is';

/** What there was to do: null where the mirror had it already. */
export type Taken = 'added' | 'changed' | null;
