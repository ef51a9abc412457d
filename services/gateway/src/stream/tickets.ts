import { createHash, randomBytes } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { jetstream } from '@nats-io/jetstream';
import { Kvm, type KV } from '@nats-io/kv';
import type { StreamTicket } from '@erato/contracts/gateway/stream';
import { unauthenticated, unavailable } from '@erato/contracts/kit/failure';
import { Bus } from '@erato/platform/transport/bus';
import type { Credential } from '../credential/credentials.js';

/** How long a ticket is good; its bucket forgets it then (tools, nats/streams.ts). */
const goodMs = 60_000;

/**
 * Single-use tickets for streams, in a bucket that all gateways share. Under the digest of each stands the caller for whom it was
 * made, never the credential itself; taking it deletes it, and only one taker's delete succeeds.
 */
@Injectable()
export class Tickets {
  #bucket: Promise<KV> | undefined;

  constructor(private readonly bus: Bus) {}

  async make(who: Credential): Promise<StreamTicket> {
    const ticket = randomBytes(32).toString('base64url');
    const expires = Date.now() + goodMs;
    await this.#guarded((bucket) => bucket.create(digest(ticket), JSON.stringify({ who, expires })));
    return { ticket, expiresAt: new Date(expires).toISOString() };
  }

  /** The caller for whom it was made; throws `unauthenticated` where it is none, was taken or is too old. */
  async take(ticket: string): Promise<Credential> {
    const refused = unauthenticated({ detail: 'The ticket is unknown, used or older than a minute.' });
    if (!/^[\w-]{43}$/.test(ticket)) throw refused;
    return this.#guarded(async (bucket) => {
      const entry = await bucket.get(digest(ticket));
      if (!entry || entry.operation !== 'PUT') throw refused;
      const { who, expires } = entry.json<{ who: Credential; expires: number }>();
      await bucket.delete(entry.key, { previousSeq: entry.revision }).catch(() => {
        throw refused;
      });
      if (expires < Date.now()) throw refused;
      return who;
    });
  }

  async #guarded<T>(work: (bucket: KV) => Promise<T>): Promise<T> {
    if (!this.bus.connected) throw unavailable({ detail: 'The store of tickets is away.' });
    try {
      this.#bucket ??= new Kvm(jetstream(this.bus.connection, { timeout: 2_000 })).open('tickets');
      return await work(await this.#bucket);
    } catch (cause) {
      if (cause instanceof Error && cause.name === 'Failure') throw cause;
      this.#bucket = undefined;
      throw unavailable({ detail: 'The store of tickets is away.', cause });
    }
  }
}

const digest = (ticket: string): string => createHash('sha256').update(ticket).digest('hex');
