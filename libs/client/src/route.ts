import type { PageMeta, Routes } from './api.js';

/** A method that some route has. */
export type Method = keyof Routes;

/** The paths that have the method, as the document writes them: `/v1/resources/{id}`. */
export type PathOf<M extends Method> = keyof Routes[M] & string;

/** The paths whose GET is a list by pages. */
export type ListPath = {
  [P in PathOf<'GET'>]: Routes['GET'][P] extends { page: true } ? P : never;
}[PathOf<'GET'>];

type Field<M extends Method, P extends PathOf<M>, Name extends string> =
  Routes[M][P] extends Record<Name, infer Value> ? Value : never;

/** What a route gives as `data`. */
export type DataOf<M extends Method, P extends PathOf<M>> = Field<M, P, 'data'>;

/** The codes of the problems with which a route can answer. */
export type CodeOf<M extends Method, P extends PathOf<M>> = Field<M, P, 'codes'> & string;

/** A part of the input: absent where the route has none, optional where nothing in it is required. */
type Part<Name extends string, Value> = [Value] extends [undefined]
  ? unknown
  : keyof Value extends never
    ? unknown
    : Partial<Value> extends Value
      ? { readonly [N in Name]?: Value }
      : { readonly [N in Name]: Value };

/** What any call may be given. */
export interface CallOptions {
  /** Ends the call, also while it waits to be repeated. */
  readonly signal?: AbortSignal;
  /** How long one attempt may take, in milliseconds, instead of what the client was made with. */
  readonly timeoutMs?: number;
  /** Decides on permissions at least as new as this revision, whatever this client has written itself. */
  readonly consistency?: number;
  /** Further headers; `traceparent` joins the call to a trace. */
  readonly headers?: Readonly<Record<string, string>>;
}

interface ReadOptions<M extends Method, P extends PathOf<M>> {
  /** The answer that you have: it is given back where it still holds, without its bytes being sent again. */
  readonly known?: AnswerOf<M, P>;
}

interface CreateOptions {
  /** Makes a repetition of this call give the first answer again, for 24 hours. The client makes one of its own otherwise. */
  readonly idempotencyKey?: string;
}

interface ChangeOptions {
  /** The version that the change was made from: an answer, its `etag` or its number. `precondition_failed` if it moved on. */
  readonly ifMatch?: { readonly etag: string | null } | string | number;
}

type MethodOptions<M extends Method, P extends PathOf<M>> = M extends 'GET'
  ? ReadOptions<M, P>
  : M extends 'POST'
    ? CreateOptions
    : ChangeOptions;

type ActAs<M extends Method, P extends PathOf<M>> =
  Field<M, P, 'actAs'> extends true
    ? {
        /** The workspace in whose name this is done, by its id. */
        readonly actAs?: string;
      }
    : unknown;

/** What a call of a route takes. */
export type Input<M extends Method, P extends PathOf<M>> = Part<'path', Field<M, P, 'path'>> &
  Part<'query', Field<M, P, 'query'>> &
  Part<'body', Field<M, P, 'body'>> &
  ActAs<M, P> &
  MethodOptions<M, P> &
  CallOptions;

/** The input as the last argument, which may be left out where nothing in it is required. */
export type Arguments<M extends Method, P extends PathOf<M>> =
  Partial<Input<M, P>> extends Input<M, P> ? [input?: Input<M, P>] : [input: Input<M, P>];

/** What the API answered. */
export interface Answer<Data> {
  readonly data: Data;
  readonly status: number;
  /** Finds the request in the logs. */
  readonly requestId: string;
  /** For `ifMatch` and `known`; null where the answer has none. */
  readonly etag: string | null;
  /** Where a new object answers to GET. */
  readonly location: string | null;
  /** Whether this is the kept answer of an earlier call with the same key. */
  readonly replayed: boolean;
  /** How many attempts it took. */
  readonly attempts: number;
}

declare const codes: unique symbol;

/** An answer that tells in its type with which codes its call could have failed, for `attempt`. */
export interface Failing<Code> {
  readonly [codes]?: Code;
}

/** What a call of a route gives. */
export type AnswerOf<M extends Method, P extends PathOf<M>> = Answer<DataOf<M, P>> &
  Failing<CodeOf<M, P>> &
  (Field<M, P, 'page'> extends true ? { readonly meta: PageMeta } : unknown);
