import { Controller, NotFoundException, RequestMapping, RequestMethod, type Type } from '@nestjs/common';
import { nestPath } from './controllers.js';
import type { PathIndex } from './path-index.js';

/**
 * Makes a controller of what the router would hand to another path: there is no such route, and the answer to that knows the
 * path's methods (405).
 */
export function wrongMethodsOf(paths: PathIndex): Type {
  class WrongMethods {
    refuse(): never {
      throw new NotFoundException();
    }
  }
  Controller()(WrongMethods);
  for (const [at, { method, path }] of paths.mistakable().entries()) {
    const name = `wrong${String(at)}`;
    const descriptor = {
      value: WrongMethods.prototype.refuse.bind(undefined),
      writable: true,
      configurable: true,
    };
    Object.defineProperty(WrongMethods.prototype, name, descriptor);
    RequestMapping({ path: nestPath(path), method: RequestMethod[method] })(
      WrongMethods.prototype,
      name,
      descriptor,
    );
  }
  return WrongMethods;
}
