import { createRemoteJWKSet, type JWTVerifyGetKey } from 'jose';

/** How often the keys are fetched anew, in milliseconds: after they came, and after they did not. */
export interface Freshness {
  readonly refreshMs: number;
  readonly retryMs: number;
}

const freshness: Freshness = { refreshMs: 600_000, retryMs: 30_000 };

/**
 * WorkOS' public keys (http.md, Who calls). Once known they serve for as long as WorkOS is away: they are fetched anew beside
 * the requests, and only keys that came replace those that are there. A key that is not among them is fetched for at once,
 * at most every 10 s.
 */
export class KeySet {
  readonly #jwks: ReturnType<typeof createRemoteJWKSet>;
  #refreshAt = 0;

  constructor(
    url: URL,
    private readonly bounds: Freshness = freshness,
  ) {
    this.#jwks = createRemoteJWKSet(url, {
      timeoutDuration: 2_000,
      cooldownDuration: 10_000,
      cacheMaxAge: Infinity,
    });
  }

  /** The key of a token, for `jwtVerify`. */
  readonly get: JWTVerifyGetKey = async (header, token) => {
    if (this.#jwks.jwks() && Date.now() >= this.#refreshAt) this.#refresh();
    const key = await this.#jwks(header, token);
    if (this.#refreshAt === 0) this.#refreshAt = Date.now() + this.bounds.refreshMs;
    return key;
  };

  #refresh(): void {
    this.#refreshAt = Date.now() + this.bounds.retryMs;
    this.#jwks.reload().then(
      () => (this.#refreshAt = Date.now() + this.bounds.refreshMs),
      () => undefined,
    );
  }
}
