import { Controller, Get, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { invalid, throttled } from '@erato/contracts/kit/failure';
import { auth } from '@erato/contracts/identity/auth';
import { BusCaller, ownContext } from '@erato/platform/transport/caller';
import { Problems } from '../problem/problems.js';
import { Rates } from '../rate/rates.js';

const parameters = ['redirectUri', 'state', 'codeChallenge', 'provider', 'screenHint'];

/** `GET /v1/auth/login`: 302 to AuthKit's page; where it may lead back to is identity's rule. */
@Controller()
export class LoginController {
  constructor(
    private readonly bus: BusCaller,
    private readonly problems: Problems,
    private readonly rates: Rates,
  ) {}

  @Get('/v1/auth/login')
  async toAuthKit(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    try {
      const rate = this.rates.takeGuest(request);
      reply.headers(rate.headers);
      if (!rate.allowed) throw throttled({ retryAfter: rate.retryAfter });
      const given = Object.entries(request.query as Record<string, unknown>);
      const unknown = given.filter(
        ([name, value]) => !parameters.includes(name) || typeof value !== 'string',
      );
      if (unknown.length > 0) {
        throw invalid({
          errors: unknown.map(([path]) => ({
            path: path.slice(0, 100),
            code: 'unknown_parameter',
            message: 'is not known here, or given twice',
          })),
        });
      }
      const asked = Object.fromEntries(given) as { redirectUri: string };
      const { url } = await this.bus.call(auth.loginUrl, asked, ownContext({ requestId: request.id }));
      void reply.code(302).headers({ Location: url, 'Cache-Control': 'no-store' }).send();
    } catch (error) {
      this.problems.send(reply, request, error);
    }
  }
}
