import type { Context } from '@erato/contracts/kit/context';
import { preconditionFailed } from '@erato/contracts/kit/failure';

/** Holds a write to the versions that If-Match names; to be asked in its transaction, with the row locked. */
export function requireVersion(
  { ifMatch }: Pick<Context, 'ifMatch'>,
  { version }: { version: number },
): void {
  if (ifMatch && !ifMatch.includes(version)) throw preconditionFailed();
}
