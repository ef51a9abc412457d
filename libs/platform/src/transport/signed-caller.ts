import { createHmac, timingSafeEqual } from 'node:crypto';
import { LRUCache } from 'lru-cache';
import type { AnyCall, CallTable } from '@erato/contracts/kit/call';
import type { Caller } from '@erato/contracts/kit/context';
import { services } from '@erato/contracts/services';
import { Hmac } from './hmac.js';

/** The facts that a signature binds to a call: it is worth nothing for another call, another request or after the deadline. */
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

const mac = (key: Hmac, subject: string, { caller, requestId, deadline, actAs }: SignedFacts): string =>
  key.of(`${subject}\n${caller}\n${requestId}\n${String(deadline)}\n${actAs ?? ''}`);

/** Writes a caller as it stands in the message header. */
export const encodeCaller = (caller: Caller): string =>
  Buffer.from(JSON.stringify(caller)).toString('base64url');

/** Signs a caller for a call and, where it is a command, for the calls to which its handler may pass the caller on. */
export class CallerSigner {
  readonly #keys = new Map<string, Hmac>();
  /** By service: calls with a route that it makes for the caller whom it was given. */
  readonly #onward = new Map<string, AnyCall[]>();

  /** @param tables every call that there is */
  constructor(masterKey: string, tables: readonly CallTable[]) {
    for (const service of Object.keys(services)) {
      this.#keys.set(service, new Hmac(Buffer.from(receiverKey(masterKey, service), 'hex')));
    }
    for (const call of tables.flatMap((table) => Object.values(table))) {
      if (!call.http) continue;
      for (const caller of call.callers) {
        if (caller !== 'gateway') this.#onward.set(caller, [...(this.#onward.get(caller) ?? []), call]);
      }
    }
  }

  sign(call: AnyCall, facts: SignedFacts): string {
    const own = this.#sign(call, facts);
    const onward = call.kind === 'command' ? this.#onward.get(call.service) : undefined;
    return onward ? [own, ...onward.map((each) => this.#sign(each, facts))].join(',') : own;
  }

  #sign({ service, subject }: AnyCall, facts: SignedFacts): string {
    return `${service}=${mac(this.#key(service), subject, facts)}`;
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

  /** The caller, or null where nothing valid was signed for this call. */
  verify(subject: string, facts: SignedFacts, signature: string): Caller | null {
    const expected = Buffer.from(this.#prefix + mac(this.#key, subject, facts));
    if (!signature.split(',').some((part) => isSame(Buffer.from(part), expected))) return null;
    let caller = this.#decoded.get(facts.caller);
    if (!caller) {
      caller = JSON.parse(Buffer.from(facts.caller, 'base64url').toString()) as Caller;
      this.#decoded.set(facts.caller, caller);
    }
    return caller;
  }
}

const isSame = (given: Buffer, expected: Buffer): boolean =>
  given.length === expected.length && timingSafeEqual(given, expected);
