import { Controller, Get, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { tables } from '@erato/contracts/catalogue';
import { scopeMissing, unauthenticated } from '@erato/contracts/kit/failure';
import { ownContext } from '@erato/platform/transport/caller';
import { Admission } from '../credential/admission.js';
import { Problems } from '../problem/problems.js';
import { inRootSpan } from '../route/root-span.js';
import { routesIn } from '../route/route.js';
import { handRoutes } from './hand-routes.js';

/** `GET /v1/introspect/routes`: method, path, scopes, guest, owning service and message of every route; for administrators. */
@Controller()
export class IntrospectionController {
  constructor(
    private readonly admission: Admission,
    private readonly problems: Problems,
  ) {}

  @Get('/v1/introspect/routes')
  async list(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    try {
      const who = await this.admission.admit(request, reply, ownContext({ requestId: request.id }));
      await inRootSpan('/v1/introspect/routes', { request, reply, who }, () => {
        if (who.counted === '') throw unauthenticated();
        if (!who.caller.scopes.includes('admin')) throw scopeMissing({ extra: { scope: 'admin' } });
        void reply.header('Cache-Control', 'private, no-cache').send({ data: everyRoute() });
        return Promise.resolve();
      });
    } catch (error) {
      this.problems.send(reply, request, error);
    }
  }
}

function everyRoute(): object[] {
  const contract = routesIn(tables).map(({ call, method, path }) => ({
    method,
    path,
    scopes: call.scope ? [call.scope] : [],
    guest: call.guest,
    service: call.service,
    message: call.subject,
  }));
  const byHand = handRoutes.map(({ method, path, scope, guest }) => ({
    method,
    path,
    scopes: scope ? [scope] : [],
    guest,
    service: 'gateway',
    message: null,
  }));
  return [...contract, ...byHand].sort(
    (a, b) => a.path.localeCompare(b.path) || a.method.localeCompare(b.method),
  );
}
