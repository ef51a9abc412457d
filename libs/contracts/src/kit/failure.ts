/** The closed list of failure kinds (ARCHITECTURE.md, Transport). One file in the gateway maps them to HTTP. */
export const failureKinds = [
  'invalid',
  'unauthenticated',
  'forbidden',
  'not-found',
  'conflict',
  'gone',
  'precondition-failed',
  'too-large',
  'unsupported',
  'throttled',
  'upstream',
  'unavailable',
  'timeout',
  'internal',
] as const;

export type FailureKind = (typeof failureKinds)[number];

/** One wrong field of a request: where it is (`post.body`, `links.0.url`), a stable code, a text for people. */
export interface FieldError {
  path: string;
  code: string;
  message: string;
}

/** What a failure may tell besides its code. Everything in it is public. */
export interface FailureFacts {
  /** A text for people; the failure's title when left out. */
  detail?: string;
  errors?: readonly FieldError[];
  /** Further members of the problem document, such as the id of the row that stands in the way. */
  extra?: Readonly<Record<string, unknown>>;
  /** Seconds after which a retry makes sense; becomes `Retry-After`. */
  retryAfter?: number;
  /** Stays in the service's log. */
  cause?: unknown;
}

/**
 * A refusal or fault as data: it travels between services as kind, code and public facts, never as a text to
 * be matched. Only `cause` is private; it is logged where it happened and not sent.
 */
export class Failure extends Error {
  override readonly name = 'Failure';
  readonly errors: readonly FieldError[] | undefined;
  readonly extra: Readonly<Record<string, unknown>> | undefined;
  readonly retryAfter: number | undefined;

  constructor(
    readonly kind: FailureKind,
    readonly code: string,
    readonly title: string,
    facts: FailureFacts = {},
  ) {
    super(facts.detail ?? title, facts.cause === undefined ? undefined : { cause: facts.cause });
    this.errors = facts.errors;
    this.extra = facts.extra;
    this.retryAfter = facts.retryAfter;
  }
}

/** A named failure that a call may declare: calling it makes the error to throw. */
export interface FailureType {
  (facts?: FailureFacts): Failure;
  readonly kind: FailureKind;
  readonly code: string;
  readonly title: string;
}

/** Names a failure once: its kind, its stable code (snake_case, part of the API) and its title. */
export function failure(kind: FailureKind, code: string, title: string): FailureType {
  const make = (facts?: FailureFacts): Failure => new Failure(kind, code, title, facts);
  return Object.assign(make, { kind, code, title });
}

export const invalid = failure('invalid', 'validation_failed', 'The request has missing or wrong fields.');
export const cursorInvalid = failure('invalid', 'cursor_invalid', 'The cursor was made for another list.');
export const unauthenticated = failure('unauthenticated', 'unauthenticated', 'A valid credential is needed.');
export const scopeMissing = failure(
  'forbidden',
  'scope_missing',
  'The credential lacks the scope that this needs.',
);
export const permissionDenied = failure(
  'forbidden',
  'permission_denied',
  'You may read this, but not do that.',
);
export const notFound = failure('not-found', 'not_found', 'There is nothing here that you may read.');
export const preconditionFailed = failure(
  'precondition-failed',
  'precondition_failed',
  'The object has moved on from the version named by If-Match.',
);
export const tooLarge = failure('too-large', 'too_large', 'The message is too large.');
export const throttled = failure('throttled', 'rate_limited', 'Too many requests.');
export const unavailable = failure('unavailable', 'unavailable', 'A part that this needs is not there.');
export const timedOut = failure('timeout', 'timeout', 'A part that this needs did not answer in time.');
export const internal = failure('internal', 'internal', 'Something went wrong on our side.');

export const idempotencyConflict = failure(
  'conflict',
  'idempotency_conflict',
  'This Idempotency-Key was used for another request.',
);
export const alreadyDone = failure(
  'conflict',
  'already_done',
  'This was done already; its answer held a secret, or is not there any more.',
);

/** Failures that every call can have without declaring them. */
export const commonFailures: readonly FailureType[] = [
  invalid,
  cursorInvalid,
  unauthenticated,
  scopeMissing,
  throttled,
  tooLarge,
  unavailable,
  timedOut,
  internal,
];

/** A single wrong field, for rules that a schema cannot say. */
export function invalidField(path: string, code: string, message: string): Failure {
  return invalid({ errors: [{ path, code, message }] });
}
