import { AuthenticationException, RateLimitExceededException, UnauthorizedException } from '@workos-inc/node';
import { type Failure, notFound } from '@erato/contracts/kit/failure';
import { workosRefused, workosUnavailable } from '@erato/contracts/identity/workos';
import { NoAnswer } from './resilient-fetch.js';

/**
 * What each of WorkOS' error codes means for a call: `status_409` stands for a status, `*` for every other code; what is not
 * named becomes `workos_refused`.
 */
export type Refusals = Readonly<Record<string, (refusal: Refusal) => Failure>>;

/** A refusal of WorkOS: 4xx, with its codes. */
export interface Refusal {
  readonly status: number;
  /** The code of the answer and those of its single errors. */
  readonly codes: readonly string[];
  readonly message: string;
  /** The answer as it came, where the SDK keeps it. */
  readonly raw: Readonly<Record<string, unknown>>;
}

/** Turns what the SDK throws into a failure: unavailable, or the refusal's meaning. Failures pass as they are. */
export function toFailure(error: unknown, refusals: Refusals = {}): unknown {
  const refusal = readRefusal(error);
  if (refusal) {
    for (const code of [...refusal.codes, `status_${refusal.status}`, '*']) {
      const meaning = refusals[code];
      if (meaning) return meaning(refusal);
    }
    if (refusal.status === 404) return notFound({ cause: error });
    return workosRefused({
      detail: refusal.message,
      errors: [{ path: '', code: refusal.codes.at(-1) ?? 'refused', message: refusal.message }],
      cause: error,
    });
  }
  if (!isFromSdk(error)) return error;
  const retryAfter =
    error instanceof RateLimitExceededException ? (error.retryAfter ?? undefined) : undefined;
  return workosUnavailable({ cause: error, ...(retryAfter === undefined ? {} : { retryAfter }) });
}

function readRefusal(error: unknown): Refusal | null {
  if (!(error instanceof Error) || error instanceof UnauthorizedException) return null;
  const status = 'status' in error && typeof error.status === 'number' ? error.status : 0;
  if (status < 400 || status >= 500 || [403, 408, 429].includes(status)) {
    if (!(error instanceof AuthenticationException)) return null;
  }
  const raw: Record<string, unknown> = 'rawData' in error && isRecord(error.rawData) ? error.rawData : {};
  const errors = 'errors' in error && Array.isArray(error.errors) ? error.errors : raw['errors'];
  const own = ['code', 'error'].flatMap((key) => {
    const code: unknown = Reflect.get(error, key) ?? raw[key];
    return typeof code === 'string' ? [code] : [];
  });
  return { status, codes: [...own, ...codesIn(errors)], message: error.message, raw };
}

const codesIn = (errors: unknown): string[] =>
  Array.isArray(errors)
    ? errors.flatMap((each: unknown) =>
        isRecord(each) && typeof each['code'] === 'string' ? [each['code']] : [],
      )
    : [];

/** The SDK wraps what is no HTTP error in a plain one, with the cause. */
const isFromSdk = (error: unknown): boolean =>
  error instanceof NoAnswer ||
  (error instanceof Error &&
    ('requestID' in error || error.message.startsWith('Unexpected error') || isFromSdk(error.cause)));

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Waits for a deletion or look-up; null where WorkOS has no such object: a deletion then is done already. */
export async function unlessMissing<T>(asked: Promise<T>): Promise<T | null> {
  try {
    return await asked;
  } catch (error) {
    if (error instanceof Error && 'status' in error && error.status === 404) return null;
    throw error;
  }
}
