import { Controller, Inject, RequestMapping, RequestMethod, Req, Res, type Type } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { CallTable } from '@erato/contracts/kit/call';
import { Exchange } from './exchange.js';
import { routesIn, type Route } from './route.js';

/** Paths as Nest and Fastify write them: `{id}` becomes `:id`. */
export const nestPath = (path: string): string => path.replaceAll(/\{(\w+)\}/g, ':$1');

/**
 * Makes one Nest controller of a table of calls: each route hands its request to the {@link Exchange}. Controllers written
 * by hand exist only where HTTP is the point.
 */
export function controllerOf(table: CallTable): Type {
  class ContractController {
    constructor(readonly exchange: Exchange) {}
  }
  Controller()(ContractController);
  Inject(Exchange)(ContractController, undefined, 0);
  for (const [at, route] of routesIn([table]).entries())
    mount(ContractController, `route${String(at)}`, route);
  return ContractController;
}

function mount(controller: { prototype: { exchange: Exchange } }, name: string, route: Route): void {
  const method = function (
    this: { exchange: Exchange },
    request: FastifyRequest,
    reply: FastifyReply,
  ): Promise<void> {
    return this.exchange.handle(route, request, reply);
  };
  const { prototype } = controller;
  Object.defineProperty(prototype, name, { value: method, writable: true, configurable: true });
  const descriptor = Object.getOwnPropertyDescriptor(prototype, name);
  if (!descriptor) return;
  RequestMapping({ path: nestPath(route.path), method: RequestMethod[route.method] })(
    prototype,
    name,
    descriptor,
  );
  Req()(prototype, name, 0);
  Res()(prototype, name, 1);
}
