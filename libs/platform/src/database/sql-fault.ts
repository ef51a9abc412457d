import { timedOut, unavailable, type Failure } from '@erato/contracts/kit/failure';

interface PgFault {
  code: string;
  constraint: string | undefined;
}

/** What a driver's error says by code: SQLSTATE of Postgres, or the system's of a connection. */
export function pgFault(error: unknown): PgFault | null {
  if (typeof error !== 'object' || error === null || !('code' in error) || typeof error.code !== 'string')
    return null;
  return { code: error.code, constraint: 'constraint' in error ? String(error.constraint) : undefined };
}

const networkCodes = new Set(['ECONNREFUSED', 'ECONNRESET', 'EPIPE', 'ETIMEDOUT', 'ENOTFOUND']);
const messages = [
  'Connection terminated',
  'timeout exceeded when trying to connect',
  'not queryable',
  'Client was closed',
  'not currently accepting connections',
];

/** Whether the database was not there: class 08, admin shutdown, still starting, too many connections, or no socket. */
export function isConnectionFault(error: unknown): boolean {
  const code = pgFault(error)?.code ?? '';
  if (code.startsWith('08') || ['57P01', '57P02', '57P03', '53300'].includes(code) || networkCodes.has(code))
    return true;
  return error instanceof Error && messages.some((message) => error.message.includes(message));
}

/** Statement cancelled at its time limit, lock not got in time. */
const timeCodes = new Set(['57014', '55P03']);

/** Deadlock, serialization failure: Postgres gave this transaction up for another one, nothing of it stays. */
const givenUpCodes = new Set(['40P01', '40001']);

/**
 * A database that is away, or gave the transaction up for another one, is `unavailable`: the same request may come again. One
 * that took too long is `timeout`; anything else stays as it is.
 */
export function asFailure(error: unknown): unknown {
  const code = pgFault(error)?.code ?? '';
  if (isConnectionFault(error)) return unavailable({ cause: error });
  if (givenUpCodes.has(code)) {
    return unavailable({ detail: 'Another change was in the way; try again.', retryAfter: 1, cause: error });
  }
  return timeCodes.has(code) ? timedOut({ cause: error }) : error;
}

/** Whether a named constraint stood in the way. */
export function violates(error: unknown, constraint: string): boolean {
  const fault = pgFault(error);
  return fault !== null && fault.code.startsWith('23') && fault.constraint === constraint;
}

/**
 * Runs a write and turns the breach of a named constraint into the failure it means; everything else passes as it is.
 */
export async function translating<T>(
  meanings: Readonly<Record<string, () => Failure>>,
  write: () => Promise<T>,
): Promise<T> {
  try {
    return await write();
  } catch (error) {
    const constraint = pgFault(error)?.constraint;
    const meaning = constraint ? meanings[constraint] : undefined;
    if (meaning && constraint && violates(error, constraint)) throw meaning();
    throw error;
  }
}
