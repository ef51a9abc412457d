import type { PageMeta, ProblemCode } from './api.js';
import { addressOf, type AddressParts } from './address.js';
import type { Attempted } from './attempt.js';
import { EratoUnexpectedAnswer, type CallFacts } from './error.js';
import { EratoProblem, readProblem } from './problem.js';
import type { Answer, AnswerOf, Arguments, CallOptions, CodeOf, PathOf } from './route.js';

declare const route: unique symbol;

/** A GET for a batch, which knows its route in its type. */
export interface Reading<P extends PathOf<'GET'>> {
  readonly address: string;
  readonly [route]?: P;
}

/** What a batch gives for each of its readings, in their order. */
export type BatchOf<R extends readonly Reading<PathOf<'GET'>>[]> = {
  [I in keyof R]: R[I] extends Reading<infer P>
    ? Attempted<AnswerOf<'GET', P>, CodeOf<'GET', P> & ProblemCode>
    : never;
};

/** A GET for a batch, by its path and what that needs: of the input `path` and `query` count. */
export function reading<P extends PathOf<'GET'>>(path: P, ...input: Arguments<'GET', P>): Reading<P>;
export function reading(path: string, input: AddressParts & CallOptions = {}): { address: string } {
  return { address: addressOf(path, input) };
}

/** The most readings in one call. */
export const mostReadings = 20;

/** What the API answered to one reading of a batch, as if it had been asked alone. */
export function partOfBatch(
  { status, body }: { status: number; body: unknown },
  { requestId, attempts }: Pick<Answer<unknown>, 'requestId' | 'attempts'>,
  call: CallFacts,
): Attempted<Answer<unknown>, ProblemCode> {
  const text = JSON.stringify(body);
  if (status < 300 && typeof body === 'object' && body !== null && 'data' in body) {
    const { data, meta } = body as { data: unknown; meta?: PageMeta };
    const facts = { status, requestId, attempts, etag: null, location: null, replayed: false };
    return { ok: true, answer: { data, ...facts, ...(meta === undefined ? {} : { meta }) } };
  }
  const problem = readProblem(text);
  if (problem === undefined) throw new EratoUnexpectedAnswer(call, status, text);
  return { ok: false, problem: new EratoProblem(problem, call) };
}
