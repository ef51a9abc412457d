import type { CredentialSource } from './credential.js';
import { EratoError, EratoUnreachable, type CallFacts } from './error.js';
import { isProblem } from './problem.js';
import { mayRepeat, waitBefore, type RetryOptions } from './retry.js';
import { sleep } from './sleep.js';
import { SseReader, type SseMessage } from './sse.js';
import { refusalOf } from './transport.js';

/** What happened, as the stream tells it: ids and facts; the object itself is to be read. */
export interface StreamedEvent {
  readonly id: string;
  /** `content.resource.published`, … */
  readonly type: string;
  readonly time: string;
  readonly subject: string;
  readonly data: Readonly<Record<string, unknown>>;
}

/** A part of a stream. Give its `cursor` as `lastEventId` to go on after it in another run of the program. */
export type StreamPart =
  | { readonly kind: 'event'; readonly cursor: string | undefined; readonly event: StreamedEvent }
  /** Events were lost between the two: what depends on them is to be read anew. */
  | {
      readonly kind: 'gap';
      readonly cursor: string | undefined;
      readonly gap: Readonly<Record<string, unknown>>;
    };

export interface StreamOptions {
  /** What to listen to: `workspace:<id>`, `resource:<id>`; up to 20. */
  readonly topics: readonly string[];
  /** Tells first what came after it. */
  readonly lastEventId?: string | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** The stream is over for good: its access or its credential ended, or what it was about is gone. */
export class EratoStreamEnded extends EratoError {
  constructor(
    call: CallFacts,
    readonly reason: string,
  ) {
    super(`the stream ended: ${reason}`, call);
  }
}

/** A server that is silent for so long is taken for lost: it says something every 15 s. */
const silenceMs = 45_000;
/** Reasons after which the same stream can be opened again. */
const passing = new Set(['shutdown', 'unavailable']);

/** How a stream reaches the API. */
export interface StreamSource {
  readonly url: string;
  readonly credential: CredentialSource;
  readonly fetch: typeof fetch;
  readonly retry: RetryOptions;
}

/**
 * What happens, as it happens, without end: opened again after the network or the server was away, where it had stopped. An abort
 * ends it quietly.
 */
export async function* streamOf(
  source: StreamSource,
  { topics, lastEventId, signal }: StreamOptions,
): AsyncGenerator<StreamPart, void, undefined> {
  const facts = { method: 'GET', url: `${source.url}?topics=${encodeURIComponent(topics.join(','))}` };
  let cursor = lastEventId;
  let token = await source.credential.get();
  let renewed = false;
  for (let failed = 0; ;) {
    const call = { ...facts, attempts: failed + 1 };
    try {
      for await (const { id, event, data } of messagesOf(source, call, { token, cursor, signal })) {
        cursor = id ?? cursor;
        const told = JSON.parse(data) as Readonly<Record<string, unknown>>;
        if (event === 'end') throw new EratoStreamEnded(call, String(told['reason']));
        if (event === 'open') continue;
        // Only what was told shows that it goes on: a server may open a stream and end it at once, again and again.
        [failed, renewed] = [0, false];
        if (event === 'gap') yield { kind: 'gap', cursor, gap: told };
        else yield { kind: 'event', cursor, event: JSON.parse(data) as StreamedEvent };
      }
    } catch (error) {
      if (signal?.aborted) return;
      const isOld = isProblem(error, 'unauthenticated') || hasEnded(error, 'credential_ended');
      if (isOld && token !== undefined && !renewed) {
        renewed = true;
        token = await source.credential.another(token);
        if (token !== undefined) continue;
      }
      if (!mayReopen(error)) throw error;
    }
    failed += 1;
    await sleep(waitBefore(failed, { status: undefined }, source.retry, Math.random), signal).catch(
      () => undefined,
    );
    if (signal?.aborted) return;
    token = await source.credential.get();
  }
}

const hasEnded = (error: unknown, reason: string): boolean =>
  error instanceof EratoStreamEnded && error.reason === reason;

function mayReopen(error: unknown): boolean {
  if (error instanceof EratoStreamEnded) return passing.has(error.reason);
  if (isProblem(error)) return mayRepeat({ method: 'GET', keyed: false }, error);
  return error instanceof EratoUnreachable;
}

interface Opening {
  readonly token: string | undefined;
  readonly cursor: string | undefined;
  readonly signal: AbortSignal | undefined;
}

/** The messages of one connection; it ends with it. */
async function* messagesOf(
  source: StreamSource,
  call: CallFacts,
  { token, cursor, signal }: Opening,
): AsyncGenerator<SseMessage, void, undefined> {
  const silence = new AbortController();
  const ends = signal ? AbortSignal.any([signal, silence.signal]) : silence.signal;
  const timer = { id: setTimeout(() => silence.abort(), silenceMs) };
  const heard = (): void => {
    clearTimeout(timer.id);
    timer.id = setTimeout(() => silence.abort(), silenceMs);
  };
  const headers = {
    Accept: 'text/event-stream, application/problem+json',
    ...(token === undefined ? {} : { Authorization: `Bearer ${token}` }),
    ...(cursor === undefined ? {} : { 'Last-Event-ID': cursor }),
  };
  try {
    const response = await source.fetch(call.url, { headers, signal: ends, redirect: 'manual' });
    if (!response.ok || !response.body) throw refusalOf(response, await response.text(), call);
    const reader = new SseReader();
    // Not `for await`: not every browser walks a body so.
    const body = response.body.pipeThrough(new TextDecoderStream()).getReader();
    for (let piece = await body.read(); !piece.done; piece = await body.read()) {
      heard();
      yield* reader.read(piece.value);
    }
  } catch (error) {
    throw error instanceof EratoError ? error : new EratoUnreachable(call, error);
  } finally {
    clearTimeout(timer.id);
    // Whoever stops walking lets the connection go.
    silence.abort();
  }
}
