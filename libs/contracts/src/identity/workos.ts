import { failure, type FailureType } from '../kit/failure.js';

/** WorkOS did not answer, or not in time; nothing was written on either side. */
export const workosUnavailable = failure(
  'upstream',
  'workos_unavailable',
  'WorkOS, which owns this, does not answer.',
);
/** WorkOS refused a value in a way that has no code of its own here; its own code is the field error's. */
export const workosRefused = failure('invalid', 'workos_refused', 'WorkOS refused this.');
/**
 * WorkOS was written and Erato was not. `written` and `notWritten` name the fields or steps, `recovery` says how it is
 * repaired: the same request sent again converges (identity.md, Field ownership and writes).
 */
export const partialWrite = failure('internal', 'partial_write', 'Only a part of this was written.');

/** How a write that WorkOS takes part in can fail on that side. */
export const workosWrite: readonly FailureType[] = [workosUnavailable, workosRefused, partialWrite];
