import type { Caller, Default } from './facts.js';

/** What the owning service states about an object for when nothing else answers (authz.md, rule 5). */
export interface Stated {
  /** The actions that everyone has: `read` on what is public. */
  readonly everyone: readonly string[];
  /** Users who are its authors. */
  readonly authors?: readonly string[];
}

/** "A user author may read and update" (content.md, Rules). */
const authorMay = ['read', 'update'];

/** The default for a caller. It is the last rule: whatever a row says goes before it. */
export function defaultOf({ everyone, authors }: Stated, { subjectType, subjectId }: Caller): Default {
  if (authors === undefined || subjectType !== 'user' || !authors.includes(subjectId)) {
    return { actions: everyone };
  }
  return { actions: [...everyone, ...authorMay], author: true };
}
