/** The scopes of a credential (http.md, Who calls): write holds read, `admin` holds everything. */
export const scopeNouns = [
  'users',
  'organizations',
  'teams',
  'workspaces',
  'resources',
  'collections',
  'engagements',
  'permissions',
  'features',
  'subscriptions',
  'studio',
  'cms',
  'media',
] as const;

export type Scope = `${(typeof scopeNouns)[number]}:${'read' | 'write'}` | 'admin';

export const scopes: readonly Scope[] = [
  ...scopeNouns.flatMap((noun) => [`${noun}:read`, `${noun}:write`] as const),
  'admin',
];

/** Whether `held` contains the scope or one that holds it. */
export function holdsScope(held: readonly string[], scope: Scope): boolean {
  if (held.includes('admin') || held.includes(scope)) return true;
  return scope.endsWith(':read') && held.includes(scope.slice(0, -4) + 'write');
}

/** What an API key may touch at most (authz.md, An API key's ceiling); what it does not name is denied. */
export type Ceiling = Readonly<
  Record<string, { readonly actions: readonly string[]; readonly ids?: readonly string[] }>
>;

/**
 * Who calls, as the gateway established it from the credential. `guest` has no id. The ceiling travels with the
 * caller, so that the service that decides needs no second look-up and sees the same key that was checked.
 */
export interface Caller {
  readonly subjectType: 'user' | 'organization' | 'workspace' | 'harbor' | 'guest';
  readonly subjectId: string;
  readonly scopes: readonly string[];
  readonly keyId?: string;
  readonly sessionId?: string;
  /** The organization of the session's token, where it names one. */
  readonly organizationId?: string;
  readonly ceiling?: Ceiling;
}

export const guest: Caller = { subjectType: 'guest', subjectId: '', scopes: [] };

/** A request that takes effect once however often it is sent (http.md, Idempotency), as its call names it. */
export interface Repeatable {
  /** Of key, caller, method, path and act-as: a digest, which tells none of them. */
  readonly name: string;
  /** Of what was asked. */
  readonly asked: string;
  /** Whether it may have been carried out before: then its answer is looked for first. */
  readonly again: boolean;
}

/** One try to carry it out. The transaction that succeeds records it; handlers know nothing of it. */
export interface Once extends Repeatable {
  readonly run: string;
  state: 'open' | 'recorded' | 'ran-already';
}

/** What travels with a call beside its input, in message headers. */
export interface Context {
  readonly caller: Caller;
  /** A workspace in whose name the caller makes something (http.md, Erato-Act-As). */
  readonly actAs?: string;
  readonly requestId: string;
  readonly traceparent?: string;
  /** Epoch milliseconds after which nobody waits for the answer any more. */
  readonly deadline: number;
  /** Decide on permissions at least this new (authz.md, Erato-Consistency). */
  readonly consistency?: number;
  /** The versions that If-Match names; absent without the header. */
  readonly ifMatch?: readonly number[];
  /** With an Idempotency-Key: what makes it the same request. */
  readonly once?: Once;
  /** The signed caller as it came, for passing on; empty where a service calls for itself. */
  readonly signature: string;
  /** The caller as it stood in the header, which the signature covers. */
  readonly encodedCaller: string;
}
