import type { Context } from '@erato/contracts/kit/context';
import { preconditionFailed } from '@erato/contracts/kit/failure';

/** Refuses a write whose `If-Match` names other versions than the present one; to be asked in the write's transaction. */
export function checkVersion(context: Context, version: number): void {
  if (context.ifMatch && !context.ifMatch.includes(version)) throw preconditionFailed();
}
