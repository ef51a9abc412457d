import { hash } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { errors, jwtVerify, type JWTPayload } from 'jose';
import { LRUCache } from 'lru-cache';
import { guest, type Caller } from '@erato/contracts/kit/context';
import { unauthenticated, unavailable } from '@erato/contracts/kit/failure';
import { credentials, type ResolveSession } from '@erato/contracts/identity/credential';
import { isWellFormed } from '@erato/contracts/identity/key-format';
import { Bus } from '@erato/platform/transport/bus';
import { BusCaller, type CallContext } from '@erato/platform/transport/caller';
import { encodeCaller } from '@erato/platform/transport/signed-caller';
import { CONFIG } from '../config-token.js';
import { personalScopes, type GatewayConfig } from '../config.js';
import { endings, type Fact } from './endings.js';
import { KeySet } from './key-set.js';
import { countLookup } from './lookup-metrics.js';

/** Who calls, with what the rest of a request needs of it worked out once. */
export interface Credential {
  readonly caller: Caller;
  /** The caller as it stands in message headers. */
  readonly encoded: string;
  /** The name under which rates and idempotency keys count: the key, the session, or empty for a guest. */
  readonly counted: string;
  /** Epoch milliseconds after which it must be looked at again. */
  readonly goodUntil: number;
  /** Whose right to administer the key's subject it rests on. */
  readonly restsOn: readonly string[];
  /** With which identity is asked again whether it is in force: the key's digest, or the session. */
  readonly proof?: { readonly keyHash: string } | ResolveSession;
}

const cacheMs = 30_000;
const skewSeconds = 60;

const credential = (
  caller: Caller,
  counted: string,
  goodUntil: number,
  about: Partial<Pick<Credential, 'restsOn' | 'proof'>> = {},
): Credential => ({ caller, encoded: encodeCaller(caller), counted, goodUntil, restsOn: [], ...about });

const theGuest = credential(guest, '', Infinity);

/**
 * Turns `Authorization: Bearer …` into a caller: API keys by their hash through the identity service, access tokens by
 * WorkOS' public keys. What was found is kept 30 s at most and dropped at once when an event says that it may be over
 * (endings.ts); after a reconnection to the bus everything is looked up again.
 */
@Injectable()
export class Credentials {
  readonly #known = new LRUCache<string, Credential>({ max: 50_000 });
  /** The hashes of keys of workspaces and harbors. */
  readonly #elsewhere = new Set<string>();
  readonly #keys: KeySet;
  readonly #onForget: ((concerns: (known: Credential) => boolean) => void)[] = [];
  /** Counts what events invalidated, so that an answer that was on its way meanwhile is not kept. */
  #invalidations = 0;

  constructor(
    private readonly bus: BusCaller,
    connection: Bus,
    @Inject(CONFIG) private readonly config: GatewayConfig,
  ) {
    const { workosApiUrl, workosClientId } = config;
    this.#keys = new KeySet(new URL(`${workosApiUrl}/sso/jwks/${workosClientId}`));
    const { connection: nats } = connection;
    for (const { event, concerns, elsewhere } of endings) {
      nats.subscribe(event.subject, {
        callback: (error, message) => {
          if (error) return;
          const { data } = message.json<{ data: Fact }>();
          this.#forget((known) => concerns(known, data), elsewhere ? [...this.#elsewhere] : undefined);
        },
      });
    }
    connection.onReconnect(() => this.#forget(() => true));
  }

  /** The caller of a request, where no look-up is needed: the guest, and what was found a moment ago. */
  known(authorization: string | undefined): Credential | null {
    if (authorization === undefined) return theGuest;
    const token = tokenIn(authorization);
    const known = token === undefined ? undefined : this.#known.get(hashOf(token));
    if (!known || known.goodUntil <= Date.now()) return null;
    countLookup(known.caller.keyId ? 'key' : 'session', 'hit');
    return known;
  }

  /** Looks a credential up; throws `unauthenticated` for one that is not in force. */
  async find(authorization: string, about: CallContext): Promise<Credential> {
    const token = tokenIn(authorization);
    if (!token) throw unauthenticated({ detail: 'Authorization must be "Bearer" and a credential.' });
    const hash = hashOf(token);
    const before = this.#invalidations;
    const isKey = token.startsWith('erato_');
    countLookup(isKey ? 'key' : 'session', 'miss');
    const found = isKey ? await this.#key(token, hash, about) : await this.#session(token, about);
    if (before === this.#invalidations) this.#keep(hash, found);
    return found;
  }

  /** Whether a credential that was found once is still in force and means the same; identity is asked, whatever is kept. */
  async isStillGood({ proof, caller }: Credential, about: CallContext): Promise<boolean> {
    if (!proof) return true;
    if ('keyHash' in proof) {
      const key = await this.bus.call(credentials.key, proof, about);
      const isSame =
        JSON.stringify([key.scopes, key.ceiling]) === JSON.stringify([caller.scopes, caller.ceiling]);
      return (
        key.keyId === caller.keyId && isSame && (!key.expiresAt || Date.parse(key.expiresAt) > Date.now())
      );
    }
    const session = await this.bus.call(credentials.session, proof, about);
    return session.active && session.admin === caller.scopes.includes('admin');
  }

  /** Runs where callers are forgotten because something about them changed. */
  onForget(listener: (concerns: (known: Credential) => boolean) => void): void {
    this.#onForget.push(listener);
  }

  async #key(token: string, keyHash: string, about: CallContext): Promise<Credential> {
    if (!isWellFormed(token)) throw unauthenticated({ detail: 'The API key is malformed.' });
    const key = await this.bus.call(credentials.key, { keyHash }, about);
    if (!key.keyId || !key.subjectType || !key.subjectId || !key.scopes) {
      throw unauthenticated({ detail: 'The API key is unknown, expired or revoked.' });
    }
    const caller: Caller = {
      subjectType: key.subjectType,
      subjectId: key.subjectId,
      scopes: key.scopes,
      keyId: key.keyId,
      ...(key.ceiling ? { ceiling: key.ceiling } : {}),
    };
    const expires = key.expiresAt ? Date.parse(key.expiresAt) : Infinity;
    const goodUntil = Math.min(Date.now() + cacheMs, expires);
    return credential(caller, `key:${key.keyId}`, goodUntil, {
      restsOn: key.restsOn ?? [],
      proof: { keyHash },
    });
  }

  async #session(token: string, about: CallContext): Promise<Credential> {
    const claims = await this.#verify(token);
    const { sub, sid, org_id: organizationId, role, exp } = claims;
    if (typeof sub !== 'string' || typeof sid !== 'string' || typeof exp !== 'number') {
      throw unauthenticated({ detail: 'The access token lacks a claim.' });
    }
    const asked = {
      sessionId: sid,
      userId: sub,
      ...(typeof organizationId === 'string' ? { organizationId } : {}),
      ...(typeof role === 'string' ? { role } : {}),
    };
    const session = await this.bus.call(credentials.session, asked, about);
    if (!session.active) throw unauthenticated({ detail: 'The session is over.' });
    const caller: Caller = {
      subjectType: 'user',
      subjectId: sub,
      scopes: session.admin ? ['admin'] : personalScopes,
      sessionId: sid,
      ...(typeof organizationId === 'string' ? { organizationId } : {}),
    };
    return credential(caller, `session:${sid}`, Math.min(Date.now() + cacheMs, (exp + skewSeconds) * 1_000), {
      proof: asked,
    });
  }

  async #verify(token: string): Promise<JWTPayload> {
    try {
      const { payload } = await jwtVerify(token, this.#keys.get, {
        algorithms: ['RS256'],
        issuer: this.config.workosIssuer,
        clockTolerance: skewSeconds,
        requiredClaims: ['sub', 'sid', 'exp'],
      });
      const client = payload['client_id'];
      if (client !== undefined && client !== this.config.workosClientId)
        throw new errors.JWTInvalid('client id');
      return payload;
    } catch (cause) {
      if (areKeysAway(cause))
        throw unavailable({ detail: 'The keys for access tokens cannot be fetched.', cause });
      throw unauthenticated({ detail: 'The access token is malformed, expired or not ours.' });
    }
  }

  #keep(hash: string, found: Credential): void {
    this.#known.set(hash, found);
    if (['workspace', 'harbor'].includes(found.caller.subjectType)) this.#elsewhere.add(hash);
  }

  #forget(matches: (known: Credential) => boolean, among: Iterable<string> = this.#known.keys()): void {
    this.#invalidations++;
    for (const hash of among) {
      const known = this.#known.peek(hash);
      if (known && !matches(known)) continue;
      this.#known.delete(hash);
      this.#elsewhere.delete(hash);
    }
    for (const listener of this.#onForget) listener(matches);
  }
}

const tokenIn = (authorization: string): string | undefined =>
  /^Bearer ([\x21-\x7e]{1,4096})$/i.exec(authorization)?.[1];

const hashOf = (token: string): string => hash('sha256', token);

/** Whether WorkOS did not give its keys: no answer, none in time, or one that is no key set. The token is not to blame. */
const areKeysAway = (cause: unknown): boolean =>
  !(cause instanceof errors.JOSEError) ||
  cause instanceof errors.JWKSTimeout ||
  cause instanceof errors.JWKSInvalid ||
  cause.code === errors.JOSEError.code;
