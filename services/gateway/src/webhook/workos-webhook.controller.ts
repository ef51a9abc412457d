import { Controller, Inject, Post, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Failure, unauthenticated } from '@erato/contracts/kit/failure';
import { signatureInvalid, sync } from '@erato/contracts/identity/sync';
import { BusCaller, ownContext } from '@erato/platform/transport/caller';
import { CONFIG } from '../config-token.js';
import type { GatewayConfig } from '../config.js';
import { webhooksNotConfigured } from '../problem/failures.js';
import { Problems } from '../problem/problems.js';
import { Rates } from '../rate/rates.js';

/** `POST /webhooks/workos`: the raw body and its signature go to identity, which checks them and wakes its worker. */
@Controller('webhooks')
export class WorkosWebhookController {
  constructor(
    private readonly bus: BusCaller,
    private readonly problems: Problems,
    private readonly rates: Rates,
    @Inject(CONFIG) private readonly config: GatewayConfig,
  ) {}

  @Post('workos')
  async receive(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    try {
      if (this.config.webhookSecret === null) throw webhooksNotConfigured();
      this.rates.holdRefused(request);
      const signature = request.headers['workos-signature'];
      if (typeof signature !== 'string' || signature.length > 1_000) throw this.#refusal(request);
      const body = typeof request.body === 'string' ? request.body : '';
      await this.bus.call(sync.webhook, { body, signature }, ownContext({ requestId: request.id }));
      void reply.code(200).send({ received: true });
    } catch (error) {
      const refused = error instanceof Failure && error.code === signatureInvalid.code;
      this.problems.send(reply, request, refused ? this.#refusal(request) : error);
    }
  }

  /** Only what is not WorkOS' counts against a rate: WorkOS itself may come as often as it has to. */
  #refusal(request: FastifyRequest): Error {
    this.rates.countRefused(request);
    return unauthenticated({ detail: 'The signature is missing or wrong.' });
  }
}
