import { Controller } from '@nestjs/common';
import { ROUTE_ARGS_METADATA } from '@nestjs/common/constants.js';
import { MessagePattern } from '@nestjs/microservices';
import type { CallTable, Handlers } from '@erato/contracts/kit/call';

/**
 * Makes a class serve a table of calls: each method answers the call of its name. A missing handler, a wrong input
 * or a wrong answer does not compile.
 */
export function Serves<T extends CallTable>(table: T) {
  return (handlers: abstract new (...dependencies: never[]) => Handlers<T>): void => {
    Controller()(handlers);
    const prototype = handlers.prototype as object;
    for (const [verb, call] of Object.entries(table)) {
      const method = Object.getOwnPropertyDescriptor(prototype, verb);
      if (!method) throw new Error(`${handlers.name} does not serve ${call.subject}`);
      MessagePattern(call.subject, { call })(prototype, verb, method);
      // No parameters by decorators: Nest then hands the input and the context on as they are, without its pipes.
      Reflect.defineMetadata(ROUTE_ARGS_METADATA, {}, handlers, verb);
    }
  };
}
