import type { BatchAnswer, PageMeta, ProblemCode } from './api.js';
import { addressOf, type AddressParts } from './address.js';
import type { Attempted } from './attempt.js';
import { mostReadings, partOfBatch, type BatchOf, type Reading } from './batch.js';
import { CredentialSource, type Credential } from './credential.js';
import { EratoUnexpectedAnswer } from './error.js';
import { anIdempotencyKey } from './idempotency-key.js';
import { List, type Page } from './list.js';
import { isProblem } from './problem.js';
import type { RetryOptions } from './retry.js';
import { Revisions } from './revisions.js';
import type { Answer, AnswerOf, Arguments, CallOptions, DataOf, Input, ListPath, PathOf } from './route.js';
import { streamOf, type StreamOptions, type StreamPart } from './stream.js';
import { Transport, type Outgoing, type Received } from './transport.js';
import { ifMatchOf, type VersionOf } from './version.js';

/** How a client reaches an installation of Erato. */
export interface EratoOptions {
  /** Where the API is: `https://api.label.example`. */
  readonly url: string;
  /** An API key, a token, or what provides tokens. Without one the caller is the guest. */
  readonly credential?: Credential | undefined;
  /** How long one attempt may take, in milliseconds; 10,000 by default. The server itself gives up after 5,000. */
  readonly timeoutMs?: number;
  readonly retry?: RetryOptions;
  /** What sends requests, where it is not the platform's own. */
  readonly fetch?: typeof fetch;
}

/** An input as it is once nothing of its route is known. */
interface AnyInput extends AddressParts, CallOptions {
  readonly body?: unknown;
  readonly actAs?: string;
  readonly known?: AnyAnswer;
  readonly idempotencyKey?: string;
  readonly ifMatch?: VersionOf;
}

type AnyAnswer = Answer<unknown> & { readonly meta?: PageMeta };

/** How often `edit` reads anew after somebody else was faster. */
const editTries = 5;

/**
 * The HTTP API as an app uses it. Paths, inputs, answers and codes of problems are those of the OpenAPI document; a call that is
 * refused throws an `EratoProblem`. What may be repeated without harm is, when the network or the server falters.
 */
export class Erato {
  /** Private at runtime too: whoever prints a client prints no key. */
  readonly #options: EratoOptions;
  readonly #url: string;
  readonly #transport: Transport;
  readonly #credential: CredentialSource;
  #revisions = new Revisions();

  constructor(options: EratoOptions) {
    this.#options = options;
    this.#url = options.url.replace(/\/+$/, '');
    this.#credential = new CredentialSource(options.credential);
    this.#transport = new Transport({
      credential: this.#credential,
      retry: options.retry ?? {},
      // Called as a plain function: a browser's fetch refuses to be called on another object.
      fetch: options.fetch ?? ((input, init) => fetch(input, init)),
    });
  }

  /** The same installation as another caller; the guest where no credential is given. It reads what this client has written. */
  as(credential?: Credential): Erato {
    const other = new Erato({ ...this.#options, credential });
    other.#revisions = this.#revisions;
    return other;
  }

  get<P extends PathOf<'GET'>>(path: P, ...input: Arguments<'GET', P>): Promise<AnswerOf<'GET', P>>;
  get(path: string, input?: AnyInput): Promise<AnyAnswer> {
    return this.#call('GET', path, input);
  }

  post<P extends PathOf<'POST'>>(path: P, ...input: Arguments<'POST', P>): Promise<AnswerOf<'POST', P>>;
  post(path: string, input?: AnyInput): Promise<AnyAnswer> {
    return this.#call('POST', path, input);
  }

  put<P extends PathOf<'PUT'>>(path: P, ...input: Arguments<'PUT', P>): Promise<AnswerOf<'PUT', P>>;
  put(path: string, input?: AnyInput): Promise<AnyAnswer> {
    return this.#call('PUT', path, input);
  }

  patch<P extends PathOf<'PATCH'>>(path: P, ...input: Arguments<'PATCH', P>): Promise<AnswerOf<'PATCH', P>>;
  patch(path: string, input?: AnyInput): Promise<AnyAnswer> {
    return this.#call('PATCH', path, input);
  }

  delete<P extends PathOf<'DELETE'>>(
    path: P,
    ...input: Arguments<'DELETE', P>
  ): Promise<AnswerOf<'DELETE', P>>;
  delete(path: string, input?: AnyInput): Promise<AnyAnswer> {
    return this.#call('DELETE', path, input);
  }

  /** A list by pages, to be walked with `for await`: it asks for the next page when it is needed. */
  list<P extends ListPath>(path: P, ...input: Arguments<'GET', P>): List<ItemOf<P>>;
  list(path: string, input: AnyInput = {}): List<unknown> {
    return new List(async (after): Promise<Page<unknown>> => {
      const query = after === undefined ? input.query : { ...input.query, after };
      const { data, meta, ...facts } = await this.#call('GET', path, { ...input, query });
      if (!Array.isArray(data) || meta === undefined) {
        throw new TypeError(`${path} is no list by pages (request ${facts.requestId})`);
      }
      return { data, meta };
    });
  }

  /**
   * Changes an object from what it is now: reads it, sends what `change` makes of it for exactly that version, and begins again
   * where somebody else was faster. `change` may run several times.
   */
  edit<P extends EditPath>(
    path: P,
    input: EditInput<P>,
    change: (now: DataOf<'GET', P>) => EditBody<P>,
  ): Promise<AnswerOf<'PATCH', P>>;
  async edit(path: string, input: AnyInput, change: (now: unknown) => unknown): Promise<AnyAnswer> {
    for (let tries = 1; ; tries++) {
      const now = await this.#call('GET', path, input);
      try {
        return await this.#call('PATCH', path, { ...input, body: change(now.data), ifMatch: now });
      } catch (error) {
        if (!isProblem(error, 'precondition_failed') || tries === editTries) throw error;
      }
    }
  }

  /**
   * Reads many things in one call, in the order of the readings: `erato.batch([reading('/v1/me'), …])`. What one of them is refused
   * with is told in its place. More than 20 take several calls.
   */
  batch<const R extends readonly Reading<PathOf<'GET'>>[]>(
    readings: R,
    options?: CallOptions,
  ): Promise<BatchOf<R>>;
  async batch(
    readings: readonly { address: string }[],
    options: CallOptions = {},
  ): Promise<Attempted<Answer<unknown>, ProblemCode>[]> {
    const url = `${this.#url}/v1/batch`;
    const results: Attempted<Answer<unknown>, ProblemCode>[] = [];
    for (let at = 0; at < readings.length; at += mostReadings) {
      const part = readings.slice(at, at + mostReadings);
      const requests = part.map(({ address }) => ({ method: 'GET', path: address }));
      // Without a key: it only reads, and its answer is kept for nobody.
      const outgoing = this.#outgoing('BATCH', url, { ...options, body: { requests } });
      const received = await this.#transport.send({ ...outgoing, method: 'POST', reads: true });
      const { data, ...facts } = answerOf(received, 'POST', url);
      const { responses } = data as BatchAnswer;
      for (const [nth, response] of responses.entries()) {
        const call = { method: 'GET', url: this.#url + (part[nth]?.address ?? ''), attempts: facts.attempts };
        results.push(partOfBatch(response, facts, call));
      }
    }
    return results;
  }

  /** What happens to workspaces and resources, as it happens: to be walked with `for await`, without end until `signal` aborts. */
  stream(options: StreamOptions): AsyncGenerator<StreamPart, void, undefined> {
    const { fetch, retry = {} } = this.#options;
    const send = fetch ?? ((input, init) => globalThis.fetch(input, init));
    const source = { url: `${this.#url}/v1/stream`, credential: this.#credential, fetch: send, retry };
    return streamOf(source, options);
  }

  async #call(method: string, path: string, input: AnyInput = {}): Promise<AnyAnswer> {
    const url = this.#url + addressOf(path, input);
    const received = await this.#transport.send(this.#outgoing(method, url, input));
    if (received.status === 304 && input.known) return input.known;
    const answer = answerOf(received, method, url);
    if (method !== 'GET') this.#revisions.note(answer.data);
    return answer;
  }

  #outgoing(method: string, url: string, input: AnyInput): Outgoing {
    const { body, actAs, known, ifMatch, signal } = input;
    const consistency = input.consistency ?? this.#revisions.newest;
    const key = method === 'POST' ? this.#keyOf(input) : undefined;
    return {
      method,
      url,
      signal,
      timeoutMs: input.timeoutMs ?? this.#options.timeoutMs ?? 10_000,
      body: body === undefined ? undefined : JSON.stringify(body),
      headers: {
        Accept: 'application/json, application/problem+json',
        ...(body === undefined ? {} : { 'Content-Type': 'application/json' }),
        ...(key === undefined ? {} : { 'Idempotency-Key': key }),
        ...(actAs === undefined ? {} : { 'Erato-Act-As': `workspace:${actAs}` }),
        ...(consistency === undefined ? {} : { 'Erato-Consistency': String(consistency) }),
        ...(known?.etag ? { 'If-None-Match': known.etag } : {}),
        ...(ifMatch === undefined ? {} : { 'If-Match': ifMatchOf(ifMatch) }),
        ...input.headers,
      },
    };
  }

  /** Guests' calls are kept for nobody, so a key of theirs would promise what does not hold. */
  #keyOf({ idempotencyKey }: AnyInput): string | undefined {
    return this.#credential.known ? (idempotencyKey ?? anIdempotencyKey()) : undefined;
  }
}

type ItemOf<P extends ListPath> = DataOf<'GET', P> extends readonly (infer Item)[] ? Item : never;

type EditPath = PathOf<'GET'> & PathOf<'PATCH'>;
type EditBody<P extends EditPath> = Input<'PATCH', P> extends { readonly body?: infer Body } ? Body : never;
type EditInput<P extends EditPath> = Omit<Input<'PATCH', P>, 'body' | 'ifMatch' | 'query'>;

function answerOf({ status, headers, text, attempts }: Received, method: string, url: string): AnyAnswer {
  const facts = {
    status,
    requestId: headers.get('X-Request-Id') ?? '',
    etag: headers.get('ETag'),
    location: headers.get('Location'),
    replayed: headers.get('Idempotency-Replayed') === 'true',
    attempts,
  };
  if (status === 204) return { data: undefined, ...facts };
  let body: unknown;
  try {
    body = JSON.parse(text);
  } catch {
    body = undefined;
  }
  if (typeof body !== 'object' || body === null || !('data' in body)) {
    throw new EratoUnexpectedAnswer({ method, url, attempts }, status, text.slice(0, 1_000));
  }
  const { data, meta } = body as { data: unknown; meta?: PageMeta };
  return meta === undefined ? { data, ...facts } : { data, meta, ...facts };
}
