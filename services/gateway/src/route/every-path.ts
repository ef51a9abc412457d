import { tables } from '@erato/contracts/catalogue';
import { handRoutes } from '../introspection/hand-routes.js';
import { PathIndex } from './path-index.js';
import { routesIn } from './route.js';

/** Which methods every path has, the contracts' and those written by hand. */
export function everyPath(): PathIndex {
  const paths = new PathIndex();
  for (const { method, path } of [...routesIn(tables), ...handRoutes]) paths.add(method, path);
  return paths;
}
