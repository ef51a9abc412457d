import { Inject, Injectable } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { throttled } from '@erato/contracts/kit/failure';
import { CONFIG } from '../config-token.js';
import type { GatewayConfig } from '../config.js';
import type { Credential } from '../credential/credentials.js';
import { ClientAddress } from './address.js';
import { burstSeconds, RateLimiter, type RateState } from './rate-limiter.js';

/** The verdict on one request, with the headers that tell it. */
export interface Rate extends RateState {
  readonly headers: Readonly<Record<string, string>>;
}

/** How many short ids that are none an address may ask for in the long run: dead links are few, guesses are many. */
const guessesPerSecond = 5;

/** Rates a key or session, and a guest by address (http.md, Limits). */
@Injectable()
export class Rates {
  readonly #known: RateLimiter;
  readonly #guests: RateLimiter;
  readonly #refused: RateLimiter;
  readonly #guesses = new RateLimiter(guessesPerSecond);
  readonly #addresses: ClientAddress;

  constructor(@Inject(CONFIG) config: GatewayConfig) {
    this.#known = new RateLimiter(config.rateKey);
    this.#guests = new RateLimiter(config.rateGuest);
    this.#refused = new RateLimiter(config.rateGuest);
    this.#addresses = new ClientAddress(config.trustedProxies);
  }

  take(who: Credential, request: FastifyRequest, cost = 1): Rate {
    if (who.counted === '') return this.takeGuest(request, cost);
    return tell('key', this.#known, this.#known.take(who.counted, Date.now(), cost));
  }

  /** Counts against the address: guests, and what never reached a route. */
  takeGuest(request: FastifyRequest, cost = 1): Rate {
    return tell('guest', this.#guests, this.#guests.take(this.addressOf(request), Date.now(), cost));
  }

  /** Throws where too many credentials or signatures that were none came from this address, before another is looked at. */
  holdRefused(request: FastifyRequest): void {
    if (!this.#refused.allows(this.addressOf(request), Date.now())) throw throttled({ retryAfter: 1 });
  }

  /** Counts a credential or signature that was none. It has a count of its own, so that guests cost no one the look-up. */
  countRefused(request: FastifyRequest): void {
    this.#refused.take(this.addressOf(request), Date.now());
  }

  /**
   * Counts a look at a short id, before it is known to be one, so that many at once are counted as well. Throws where too many
   * that were none came from this address.
   */
  takeGuess(request: FastifyRequest): void {
    const { allowed, retryAfter } = this.#guesses.take(this.addressOf(request), Date.now());
    if (!allowed) throw throttled({ retryAfter });
  }

  /** It was one, or nobody knows. */
  giveGuessBack(request: FastifyRequest): void {
    this.#guesses.giveBack(this.addressOf(request));
  }

  addressOf(request: FastifyRequest): string {
    const forwarded = request.headers['x-forwarded-for'];
    return this.#addresses.of(
      request.socket.remoteAddress ?? '',
      typeof forwarded === 'string' ? forwarded : undefined,
    );
  }

  /** Whether the request came in over TLS, at the gateway's proxy. */
  overTls(request: FastifyRequest): boolean {
    return (
      request.headers['x-forwarded-proto'] === 'https' &&
      this.#addresses.trusts(request.socket.remoteAddress ?? '')
    );
  }
}

function tell(policy: string, limiter: RateLimiter, state: RateState): Rate {
  const { allowed, remaining, retryAfter } = state;
  const headers = {
    'RateLimit-Policy': `"${policy}";q=${String(limiter.burst)};w=${String(burstSeconds)}`,
    RateLimit: `"${policy}";r=${String(remaining)};t=${String(retryAfter)}`,
  };
  return { allowed, remaining, retryAfter, headers };
}
