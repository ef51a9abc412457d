import { Inject, Injectable } from '@nestjs/common';
import { WorkOS } from '@workos-inc/node';
import type { Context } from '@erato/contracts/kit/context';
import { IDENTITY_CONFIG, type IdentityConfig } from '../config.js';
import { attempting, ResilientFetch } from './resilient-fetch.js';
import { toFailure, type Refusals } from './refusal.js';

const totalMs = 4_000;

/** What a use of WorkOS says about itself. */
export interface Use {
  /** Derived from the request, so that the same request sent again makes nothing twice. */
  readonly idempotencyKey?: string;
  readonly refusals?: Refusals;
}

/**
 * WorkOS, through its SDK. Everything that is asked of it in one of our requests shares one limit of 4 s; refusals come
 * out as the failures that the caller names, and whatever else goes wrong as `workos_unavailable`.
 */
@Injectable()
export class Workos {
  readonly sdk: WorkOS;
  readonly #ends = new WeakMap<Pick<Context, 'deadline'>, number>();

  constructor(@Inject(IDENTITY_CONFIG) private readonly config: IdentityConfig) {
    const url = new URL(config.workosApiUrl);
    this.sdk = new WorkOS({
      apiKey: config.workosApiKey,
      clientId: config.workosClientId,
      apiHostname: url.hostname,
      https: url.protocol === 'https:',
      ...(url.port ? { port: Number(url.port) } : {}),
      // NOTE: tries, waits and limits are those of ResilientFetch; these only keep the SDK from adding its own.
      maxRetries: 0,
      timeout: 2 * totalMs,
      fetchFn: new ResilientFetch().fetch,
    });
  }

  get clientId(): string {
    return this.config.workosClientId;
  }

  /** Asks WorkOS within the time that the request of this context has left for it. */
  async ask<T>(
    context: Pick<Context, 'deadline'>,
    work: (sdk: WorkOS) => Promise<T>,
    { idempotencyKey, refusals }: Use = {},
  ): Promise<T> {
    const deadline = this.#endOf(context);
    try {
      return await attempting({ deadline, ...(idempotencyKey ? { idempotencyKey } : {}) }, () =>
        work(this.sdk),
      );
    } catch (error) {
      throw toFailure(error, refusals);
    }
  }

  #endOf(context: Pick<Context, 'deadline'>): number {
    const known = this.#ends.get(context);
    if (known !== undefined) return known;
    const end = Math.min(Date.now() + totalMs, context.deadline - 200);
    this.#ends.set(context, end);
    return end;
  }
}
