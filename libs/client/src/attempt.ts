import type { ProblemCode } from './api.js';
import { isProblem, type EratoProblem } from './problem.js';
import type { Answer, Failing } from './route.js';

/** A call's answer, or the problem with which the API refused it. */
export type Attempted<A, Code extends ProblemCode> =
  { readonly ok: true; readonly answer: A } | { readonly ok: false; readonly problem: EratoProblem<Code> };

type CodesIn<A> = A extends Failing<infer Code> ? Extract<Code, ProblemCode> : ProblemCode;

/**
 * Gives a problem back instead of throwing it, with its code narrowed to those that the route documents:
 * `const made = await attempt(erato.post('/v1/workspaces', { body }))`. What is no problem is thrown as ever.
 */
export async function attempt<A extends Answer<unknown>>(
  call: Promise<A>,
): Promise<Attempted<A, CodesIn<A>>> {
  try {
    return { ok: true, answer: await call };
  } catch (error) {
    if (isProblem<CodesIn<A>>(error)) return { ok: false, problem: error };
    throw error;
  }
}
