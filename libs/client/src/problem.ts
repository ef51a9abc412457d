import type { Problem, ProblemCode } from './api.js';
import { EratoError, type CallFacts } from './error.js';

/** What is wrong with one field of a request. */
export interface FieldProblem {
  /** Where in the body or query: `post.body`, `authors.0.authorId`. */
  readonly path: string;
  readonly code: string;
  readonly message: string;
}

/**
 * The API's refusal (RFC 9457). `code` is stable, and one of the documented ones unless the server is newer than this client;
 * the message is for people.
 */
export class EratoProblem<Code extends ProblemCode = ProblemCode> extends EratoError {
  readonly code: Code;
  readonly status: number;
  readonly type: string;
  readonly title: string;
  readonly detail: string;
  /** Finds the request in the server's logs. */
  readonly requestId: string;
  /** Every field that is wrong; empty where the problem is not about fields. */
  readonly errors: readonly FieldProblem[];
  /** How long the server asked to wait, in milliseconds. */
  readonly retryAfterMs: number | undefined;
  /** Every member of the document, with those that this code alone has: the id of the row that exists, the missing scope. */
  readonly members: Readonly<Record<string, unknown>>;

  constructor(problem: Problem & { readonly code: Code }, call: CallFacts, retryAfterMs?: number) {
    super(`${String(problem.status)} ${problem.code}: ${problem.detail}`, call);
    this.code = problem.code;
    this.status = problem.status;
    this.type = problem.type;
    this.title = problem.title;
    this.detail = problem.detail;
    this.requestId = problem.requestId;
    this.errors = problem.errors ?? [];
    this.retryAfterMs = retryAfterMs;
    this.members = { ...problem };
  }
}

/** Whether an error is the API's refusal with one of these codes; with any code where none is named. */
export function isProblem<Code extends ProblemCode = ProblemCode>(
  error: unknown,
  ...codes: readonly Code[]
): error is EratoProblem<Code> {
  if (!(error instanceof EratoProblem)) return false;
  return codes.length === 0 || codes.some((code) => code === error.code);
}

/** A problem document, or undefined where a text is none. */
export function readProblem(text: string): (Problem & { readonly code: ProblemCode }) | undefined {
  let body: unknown;
  try {
    body = JSON.parse(text);
  } catch {
    return undefined;
  }
  return isDocument(body) ? body : undefined;
}

/** The documented codes are believed: one of a newer server goes where the others go, to the caller's default case. */
const isDocument = (body: unknown): body is Problem & { readonly code: ProblemCode } =>
  typeof body === 'object' &&
  body !== null &&
  'code' in body &&
  typeof body.code === 'string' &&
  'status' in body &&
  typeof body.status === 'number' &&
  'requestId' in body &&
  typeof body.requestId === 'string';
