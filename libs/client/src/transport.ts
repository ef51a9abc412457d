import { CredentialSource } from './credential.js';
import {
  EratoTimeout,
  EratoUnexpectedAnswer,
  EratoUnreachable,
  type CallFacts,
  type EratoError,
} from './error.js';
import { EratoProblem, readProblem } from './problem.js';
import {
  isStillRunning,
  mayRepeat,
  RetryBudget,
  retryAfterOf,
  waitBefore,
  type Outcome,
  type RetryOptions,
} from './retry.js';
import { sleep } from './sleep.js';

/** One call as it goes out. */
export interface Outgoing {
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly timeoutMs: number;
  /** Whether it only reads, whatever its method: then it can be repeated without harm. */
  readonly reads?: boolean;
}

/** What the API answered to it: 2xx or 304. */
export interface Received {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  readonly attempts: number;
}

/** How a transport reaches the API. */
export interface TransportOptions {
  readonly credential: CredentialSource;
  readonly retry: RetryOptions;
  readonly fetch: typeof fetch;
}

interface Failed {
  readonly error: EratoError;
  readonly outcome: Outcome;
}

/** Sends calls, and repeats what may be repeated within what the options and the client's budget allow. */
export class Transport {
  readonly #budget = new RetryBudget();

  constructor(private readonly options: TransportOptions) {}

  /** Throws the problem with which the API refused, or what kept an answer away; after an abort the signal's reason. */
  async send(call: Outgoing): Promise<Received> {
    const { credential, retry } = this.options;
    const { attempts = 4, withinMs = 20_000 } = retry;
    const ends = Date.now() + withinMs;
    const keyed = 'Idempotency-Key' in call.headers;
    let token = await credential.get();
    let refused = false;
    for (let made = 1, counted = 1; ; made++) {
      const result = await this.#attempt(call, token, made);
      if (!('error' in result)) {
        this.#budget.give();
        return result;
      }
      const { error, outcome } = result;
      if (outcome.status === 401 && token !== undefined && !refused) {
        refused = true;
        token = await credential.another(token);
        if (token === undefined) throw error;
        continue;
      }
      if (!mayRepeat({ method: call.reads ? 'GET' : call.method, keyed }, outcome)) throw error;
      const wait = waitBefore(counted, outcome, retry, Math.random);
      if (Date.now() + wait > ends) throw error;
      if (!isStillRunning(outcome)) {
        if (counted >= attempts || !this.#budget.take()) throw error;
        counted += 1;
      }
      await sleep(wait, call.signal);
      token = await credential.get();
    }
  }

  async #attempt(call: Outgoing, token: string | undefined, attempts: number): Promise<Received | Failed> {
    const { method, url, body, signal, timeoutMs } = call;
    const headers = new Headers({ ...call.headers });
    if (token !== undefined) headers.set('Authorization', `Bearer ${token}`);
    const timeout = AbortSignal.timeout(timeoutMs);
    const facts = { method, url, attempts };
    let response: Response;
    let text: string;
    try {
      response = await this.options.fetch(url, {
        method,
        headers,
        // The API redirects no call; what does would be given the credential.
        redirect: 'manual',
        signal: signal ? AbortSignal.any([signal, timeout]) : timeout,
        ...(body === undefined ? {} : { body }),
      });
      text = await response.text();
    } catch (cause) {
      signal?.throwIfAborted();
      const error = timeout.aborted ? new EratoTimeout(facts, timeoutMs) : new EratoUnreachable(facts, cause);
      return { error, outcome: { status: undefined } };
    }
    const { status } = response;
    if (response.ok || status === 304) return { status, headers: response.headers, text, attempts };
    const error = refusalOf(response, text, facts);
    if (error instanceof EratoUnexpectedAnswer) {
      const asked = retryAfterOf(response.headers.get('Retry-After'), Date.now());
      return { error, outcome: { status, retryAfterMs: asked } };
    }
    return { error, outcome: error };
  }
}

/** What an answer that is no success says: a problem of the API, or something else than the API. */
export function refusalOf(
  response: Response,
  text: string,
  facts: CallFacts,
): EratoProblem | EratoUnexpectedAnswer {
  const problem = readProblem(text);
  if (problem === undefined) return new EratoUnexpectedAnswer(facts, response.status, text.slice(0, 1_000));
  return new EratoProblem(problem, facts, retryAfterOf(response.headers.get('Retry-After'), Date.now()));
}
