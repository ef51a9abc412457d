import { Injectable } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Failure, throttled } from '@erato/contracts/kit/failure';
import type { CallContext } from '@erato/platform/transport/caller';
import { Rates } from '../rate/rates.js';
import { Credentials, type Credential } from './credentials.js';

/** Lets a request in: who calls, and whether the rate allows it. */
@Injectable()
export class Admission {
  constructor(
    private readonly credentials: Credentials,
    private readonly rates: Rates,
  ) {}

  /** The caller, counted; the answer's headers tell the rate. Throws `unauthenticated` and `throttled`. */
  async admit(
    request: FastifyRequest,
    reply: FastifyReply,
    about: Pick<CallContext, 'requestId' | 'deadline'>,
  ): Promise<Credential> {
    const { authorization } = request.headers;
    const who =
      this.credentials.known(authorization) ?? (await this.#find(authorization ?? '', request, about));
    const rate = this.rates.take(who, request);
    reply.headers(rate.headers);
    if (!rate.allowed) throw throttled({ retryAfter: rate.retryAfter });
    return who;
  }

  /** Looks a credential up, unless too many that came from this address were none: guessing is slow and costs nobody else. */
  async #find(
    authorization: string,
    request: FastifyRequest,
    about: Pick<CallContext, 'requestId' | 'deadline'>,
  ): Promise<Credential> {
    this.rates.holdRefused(request);
    try {
      return await this.credentials.find(authorization, about);
    } catch (error) {
      if (error instanceof Failure && error.kind === 'unauthenticated') this.rates.countRefused(request);
      throw error;
    }
  }
}
