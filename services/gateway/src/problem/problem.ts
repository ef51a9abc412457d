import type { Failure, FailureKind, FieldError } from '@erato/contracts/kit/failure';

/** The one place where a kind of failure becomes an HTTP status (ARCHITECTURE.md, Transport). */
export const statusOf: Readonly<Record<FailureKind, number>> = {
  invalid: 400,
  unauthenticated: 401,
  forbidden: 403,
  'not-found': 404,
  conflict: 409,
  gone: 410,
  'precondition-failed': 412,
  'too-large': 413,
  unsupported: 415,
  throttled: 429,
  upstream: 502,
  unavailable: 503,
  timeout: 504,
  internal: 500,
};

/** An RFC 9457 problem document (http.md, Envelopes). */
export interface Problem {
  type: string;
  title: string;
  status: number;
  code: string;
  detail: string;
  instance: string;
  requestId: string;
  errors?: readonly FieldError[];
  [extra: string]: unknown;
}

/** Problem types are addresses that need not resolve; the code is the last part, with hyphens. */
export const problemType = (code: string): string =>
  `https://erato.dev/problems/${code.replaceAll('_', '-')}`;

/** Writes a failure as a problem. Only what the failure declares as public is in it. */
export function toProblem(failure: Failure, about: { instance: string; requestId: string }): Problem {
  return {
    ...failure.extra,
    type: problemType(failure.code),
    title: failure.title,
    status: statusOf[failure.kind],
    code: failure.code,
    detail: failure.message,
    instance: about.instance,
    requestId: about.requestId,
    ...(failure.errors ? { errors: failure.errors } : {}),
  };
}
