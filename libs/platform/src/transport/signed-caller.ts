import { createHmac, timingSafeEqual } from 'node:crypto';
import { LRUCache } from 'lru-cache';
import type { AnyCall } from '@erato/contracts/kit/call';
import type { Caller } from '@erato/contracts/kit/context';
import { services } from '@erato/contracts/services';
import { Hmac } from './hmac.js';

/** The facts that a signature binds together: it is worth nothing for another request or after the deadline. */
export interface SignedFacts {
  readonly caller: string;
  readonly requestId: string;
  readonly deadline: number;
  readonly actAs: string | undefined;
}

/**
 * Only the gateway may state a caller (security.md, The bus). It holds a master key; each service holds the key
 * derived from it for its own name, so that a service can check what was signed for it and pass it on to those
 * for which the gateway signed too, but can state no caller to another service.
 */
export function receiverKey(master: string, service: string): string {
  return createHmac('sha256', Buffer.from(master, 'hex')).update(`caller:${service}`).digest('hex');
}

const mac = (key: Hmac, { caller, requestId, deadline, actAs }: SignedFacts): string =>
  key.of(`${caller}\n${requestId}\n${String(deadline)}\n${actAs ?? ''}`);

/** Writes a caller as it stands in the message header. */
export const encodeCaller = (caller: Caller): string =>
  Buffer.from(JSON.stringify(caller)).toString('base64url');

/** To whom a service may pass a caller on. */
const onward: ReadonlyMap<string, readonly string[]> = new Map(
  Object.entries(services).map(([service, { calls }]) => [service, calls]),
);

/** Signs for a call's service and, where it is a command, for those to which that service may pass the caller on. */
export class CallerSigner {
  readonly #keys = new Map<string, Hmac>();

  constructor(masterKey: string) {
    for (const service of Object.keys(services)) {
      this.#keys.set(service, new Hmac(Buffer.from(receiverKey(masterKey, service), 'hex')));
    }
  }

  sign(call: AnyCall, facts: SignedFacts): string {
    const receivers: string[] = [call.service];
    if (call.kind === 'command') receivers.push(...(onward.get(call.service) ?? []));
    return receivers.map((receiver) => `${receiver}=${mac(this.#key(receiver), facts)}`).join(',');
  }

  #key(service: string): Hmac {
    const key = this.#keys.get(service);
    if (!key) throw new Error(`There is no service ${service}`);
    return key;
  }
}

/** Checks what the gateway signed for this service. */
export class CallerVerifier {
  readonly #key: Hmac;
  readonly #prefix: string;
  /** Callers are few and come again and again; decoding is cheap but not free. */
  readonly #decoded = new LRUCache<string, Caller>({ max: 5_000 });

  constructor(service: string, key: string) {
    this.#key = new Hmac(Buffer.from(key, 'hex'));
    this.#prefix = `${service}=`;
  }

  /** The caller, or null where nothing valid was signed for this service. */
  verify(facts: SignedFacts, signature: string): Caller | null {
    const own = signature.split(',').find((part) => part.startsWith(this.#prefix));
    if (!own) return null;
    const given = Buffer.from(own);
    const expected = Buffer.from(this.#prefix + mac(this.#key, facts));
    if (given.length !== expected.length || !timingSafeEqual(given, expected)) return null;
    let caller = this.#decoded.get(facts.caller);
    if (!caller) {
      caller = JSON.parse(Buffer.from(facts.caller, 'base64url').toString()) as Caller;
      this.#decoded.set(facts.caller, caller);
    }
    return caller;
  }
}
