import type { CallMaker } from '../services.js';
import type { Context, Scope } from './context.js';
import type { FailureType } from './failure.js';

/** A class whose instances describe a message; class-validator's metadata on it become its schema. */
export type MessageClass<T> = abstract new () => T;

/** One page of a keyset list, as it stands in the answer (http.md, Envelopes). */
export interface Page<T> {
  readonly data: readonly T[];
  readonly meta: {
    readonly limit: number;
    readonly after: string | null;
    readonly before: string | null;
    readonly total?: number;
  };
}

/** The shapes an answer can have: one object, a page, a short list that comes whole, or nothing (204). */
export interface ReplyShape<T> {
  readonly shape: 'one' | 'page' | 'whole' | 'nothing';
  readonly item: MessageClass<unknown> | null;
  /** Carries the type alone; never set. */
  readonly type?: T;
}

export const one = <T>(item: MessageClass<T>): ReplyShape<T> => ({ shape: 'one', item });
export const page = <T>(item: MessageClass<T>): ReplyShape<Page<T>> => ({ shape: 'page', item });
export const whole = <T>(item: MessageClass<T>): ReplyShape<readonly T[]> => ({ shape: 'whole', item });
export const nothing: ReplyShape<void> = { shape: 'nothing', item: null };

export type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

interface Declaration<I, R> {
  /**
   * Method and path below `/v1`, parameters in braces: `GET /resources/{id}`. A parameter of the path and a field
   * of the request have the same name; the other fields come from the query string (GET, DELETE) or the body.
   * Absent for a call that only services make.
   */
  http?: `${Method} /${string}`;
  /**
   * The services that make this call, beside the gateway where it has a route; the bus refuses it to all others
   * (security.md, The bus). For a call with a route they pass on the caller whom the gateway signed.
   */
  callers?: readonly CallMaker[];
  /** A second path that answers the same. */
  alias?: `/${string}`;
  /** The scope that a credential must hold; null: any credential will do. */
  scope: Scope | null;
  /** Whether a caller without a credential is served. */
  guest?: boolean;
  request: MessageClass<I>;
  reply: ReplyShape<R>;
  fails?: readonly FailureType[];
  /** One line for the reference. */
  summary: string;
  /** More for the reference, in Markdown: rules, limits, who may. */
  description?: string;
  /** An input and an answer that the reference shows. */
  example?: { request?: object; reply?: object };
}

interface CommandDeclaration<I, R> extends Declaration<I, R> {
  /** The path of what was made, filled from the answer and then the input: 201 with `Location`. */
  creates?: `/${string}`;
  /** The answer holds a secret: it is never kept for an idempotent replay. */
  secret?: boolean;
  /** A user may make this in the name of a workspace (http.md, Erato-Act-As); elsewhere that header is 400. */
  actAs?: boolean;
}

/** What there is to know of a call at run time, whatever its types. */
export interface AnyCall {
  readonly kind: 'query' | 'command';
  /** `call.<service>.<noun>.<verb>`, set by {@link calls}. */
  readonly subject: string;
  readonly service: string;
  readonly http: { readonly method: Method; readonly path: string; readonly alias?: string } | null;
  /** The services that may make it: the gateway where it has a route, and those that it names. */
  readonly callers: readonly CallMaker[];
  readonly scope: Scope | null;
  readonly guest: boolean;
  readonly request: MessageClass<unknown>;
  readonly reply: ReplyShape<unknown>;
  readonly fails: readonly FailureType[];
  readonly creates: string | null;
  readonly secret: boolean;
  readonly actAs: boolean;
  readonly summary: string;
  readonly description: string;
  readonly example: { readonly request?: object; readonly reply?: object };
}

/** One call of a service: everything that its handler, its callers, its route and its reference need to know. */
export interface Call<I, R> extends AnyCall {
  readonly types?: { input: I; reply: R };
}

type Undeclared = Omit<AnyCall, 'subject' | 'service'>;

interface Open<I, R> extends Undeclared {
  readonly types?: { input: I; reply: R };
}

function declare<I, R>(kind: AnyCall['kind'], spec: CommandDeclaration<I, R>): Open<I, R> {
  const [method, path] = (spec.http?.split(' ') as [Method, string] | undefined) ?? [];
  return {
    kind,
    http:
      method && path
        ? { method, path: `/v1${path}`, ...(spec.alias ? { alias: `/v1${spec.alias}` } : {}) }
        : null,
    callers: [...(method ? (['gateway'] as const) : []), ...(spec.callers ?? [])],
    scope: spec.scope,
    guest: spec.guest ?? false,
    request: spec.request,
    reply: spec.reply,
    fails: spec.fails ?? [],
    creates: spec.creates ? `/v1${spec.creates}` : null,
    secret: spec.secret ?? false,
    actAs: spec.actAs ?? false,
    summary: spec.summary,
    description: spec.description ?? '',
    example: spec.example ?? {},
  };
}

/** A call that reads and changes nothing. */
export const query = <I, R>(spec: Declaration<I, R>): Open<I, R> => declare('query', spec);

/** A call that changes something, in one transaction. */
export const command = <I, R>(spec: CommandDeclaration<I, R>): Open<I, R> => declare('command', spec);

type Closed<T> = { readonly [V in keyof T]: T[V] extends Open<infer I, infer R> ? Call<I, R> : never };

/** A table of a noun's calls; sets the subject of each from `<service>.<noun>` and the verb that names it. */
export function calls<const T extends Record<string, Undeclared>>(noun: string, table: T): Closed<T> {
  const service = noun.slice(0, noun.indexOf('.'));
  const closed = Object.entries(table).map(([verb, call]) => {
    if (call.callers.length === 0)
      throw new Error(`${noun}.${verb}: nobody may call it; name its \`callers\``);
    return [verb, { ...call, service, subject: `call.${noun}.${verb}` }];
  });
  return Object.fromEntries(closed) as Closed<T>;
}

/** A table of calls of whatever types: what servers and the gateway go through. */
export type CallTable = Readonly<Record<string, AnyCall>>;

export type Input<C extends AnyCall> = C extends Call<infer I, unknown> ? I : never;
export type Reply<C extends AnyCall> = C extends Call<never, infer R> ? R : never;

/** What a class that serves the table must have: one method a call, no more and no less in type. */
export type Handlers<T> = {
  [V in keyof T]: T[V] extends Call<infer I, infer R> ? (input: I, context: Context) => Promise<R> : never;
};
