import { hash } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { createRemoteJWKSet, errors, jwtVerify, type JWTPayload } from 'jose';
import { LRUCache } from 'lru-cache';
import { guest, type Caller } from '@erato/contracts/kit/context';
import { unauthenticated, unavailable } from '@erato/contracts/kit/failure';
import { credentials } from '@erato/contracts/identity/credential';
import { apiKeyChanged, sessionRevoked, userDeleted } from '@erato/contracts/identity/events';
import { isWellFormed } from '@erato/contracts/identity/key-format';
import { Bus } from '@erato/platform/transport/bus';
import { BusCaller, type CallContext } from '@erato/platform/transport/caller';
import { encodeCaller } from '@erato/platform/transport/signed-caller';
import { CONFIG } from '../config-token.js';
import { personalScopes, type GatewayConfig } from '../config.js';

/** Who calls, with what the rest of a request needs of it worked out once. */
export interface Credential {
  readonly caller: Caller;
  /** The caller as it stands in message headers. */
  readonly encoded: string;
  /** The name under which rates and idempotency keys count: the key, the session, or empty for a guest. */
  readonly counted: string;
  /** Epoch milliseconds after which it must be looked at again. */
  readonly goodUntil: number;
}

const cacheMs = 30_000;
const skewSeconds = 60;

const credential = (caller: Caller, counted: string, goodUntil: number): Credential => ({
  caller,
  encoded: encodeCaller(caller),
  counted,
  goodUntil,
});

const theGuest = credential(guest, '', Infinity);

/**
 * Turns `Authorization: Bearer …` into a caller: API keys by their hash through the identity service, access tokens by
 * WorkOS' public keys. What was found is kept 30 s at most and dropped at once when identity says that a key changed or
 * a session ended; after a reconnection to the bus everything is looked up again.
 */
@Injectable()
export class Credentials {
  readonly #known = new LRUCache<string, Credential>({ max: 50_000 });
  readonly #jwks: ReturnType<typeof createRemoteJWKSet>;
  /** Counts what events invalidated, so that an answer that was on its way meanwhile is not kept. */
  #invalidations = 0;

  constructor(
    private readonly bus: BusCaller,
    connection: Bus,
    @Inject(CONFIG) private readonly config: GatewayConfig,
  ) {
    const { workosApiUrl, workosClientId } = config;
    this.#jwks = createRemoteJWKSet(new URL(`${workosApiUrl}/sso/jwks/${workosClientId}`), {
      timeoutDuration: 2_000,
      cooldownDuration: 10_000,
      cacheMaxAge: 600_000,
    });
    const forget = (which: (caller: Caller, fact: Fact) => boolean) => ({
      callback: (error: Error | null, message: { json<T>(): T }): void => {
        if (error) return;
        const fact = message.json<{ data: Fact }>().data;
        this.#forget(({ caller }) => which(caller, fact));
      },
    });
    connection.connection.subscribe(
      apiKeyChanged.subject,
      forget((caller, fact) => caller.keyId === fact.keyId),
    );
    connection.connection.subscribe(
      sessionRevoked.subject,
      forget((caller, fact) => caller.sessionId === fact.sessionId),
    );
    connection.connection.subscribe(
      userDeleted.subject,
      forget((caller, fact) => caller.subjectId === fact.userId),
    );
    connection.onReconnect(() => this.#forget(() => true));
  }

  /** The caller of a request, where no look-up is needed: the guest, and what was found a moment ago. */
  known(authorization: string | undefined): Credential | null {
    if (authorization === undefined) return theGuest;
    const token = tokenIn(authorization);
    const known = token === undefined ? undefined : this.#known.get(hashOf(token));
    return known && known.goodUntil > Date.now() ? known : null;
  }

  /** Looks a credential up; throws `unauthenticated` for one that is not in force. */
  async find(authorization: string, about: CallContext): Promise<Credential> {
    const token = tokenIn(authorization);
    if (!token) throw unauthenticated({ detail: 'Authorization must be "Bearer" and a credential.' });
    const hash = hashOf(token);
    const before = this.#invalidations;
    const found = token.startsWith('erato_')
      ? await this.#key(token, hash, about)
      : await this.#session(token, about);
    if (before === this.#invalidations) this.#known.set(hash, found);
    return found;
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
    return credential(caller, `key:${key.keyId}`, Math.min(Date.now() + cacheMs, expires));
  }

  async #session(token: string, about: CallContext): Promise<Credential> {
    const claims = await this.#verify(token);
    const { sub, sid, org_id: organizationId, role, exp } = claims;
    if (typeof sub !== 'string' || typeof sid !== 'string' || typeof exp !== 'number') {
      throw unauthenticated({ detail: 'The access token lacks a claim.' });
    }
    const session = await this.bus.call(
      credentials.session,
      {
        sessionId: sid,
        userId: sub,
        ...(typeof organizationId === 'string' ? { organizationId } : {}),
        ...(typeof role === 'string' ? { role } : {}),
      },
      about,
    );
    if (!session.active) throw unauthenticated({ detail: 'The session is over.' });
    const caller: Caller = {
      subjectType: 'user',
      subjectId: sub,
      scopes: session.admin ? ['admin'] : personalScopes,
      sessionId: sid,
      ...(typeof organizationId === 'string' ? { organizationId } : {}),
    };
    return credential(caller, `session:${sid}`, Math.min(Date.now() + cacheMs, (exp + skewSeconds) * 1_000));
  }

  async #verify(token: string): Promise<JWTPayload> {
    try {
      const { payload } = await jwtVerify(token, this.#jwks, {
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

  #forget(matches: (known: Credential) => boolean): void {
    this.#invalidations++;
    for (const [hash, known] of this.#known.entries()) if (matches(known)) this.#known.delete(hash);
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

interface Fact {
  keyId?: string;
  sessionId?: string;
  userId?: string;
}
