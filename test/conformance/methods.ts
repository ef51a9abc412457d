import { describe, expect, it } from '@jest/globals';
import type { Api } from '../support/api.js';
import { fits, routes, type Route } from './contract-routes.js';

const every = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'] as const;
const templates = [...new Set(routes.map(({ template }) => template))];

/** Templates read from the left, a text before a parameter: `/permissions/check` before `/permissions/{id}`. */
const rank = (template: string): string =>
  template
    .split('/')
    .map((part) => (part.startsWith('{') ? '1' : '0'))
    .join('');

/** The routes at a path: those of the template that names it most closely. */
function routesAt(path: string): Route[] {
  const [closest] = templates
    .filter((template) => fits(template, path))
    .sort((a, b) => (rank(a) < rank(b) ? -1 : 1));
  return routes.filter(({ template }) => template === closest);
}

/** Of each path with its parameters, and with each parameter as a word that stands in another path at that place. */
function pathsOf(template: string): string[] {
  const { path = '' } = routes.find((route) => route.template === template) ?? {};
  const parts = template.split('/');
  const words = parts.flatMap((part, at) =>
    part.startsWith('{')
      ? templates
          .filter((other) => other.split('/').slice(0, at).join('/') === parts.slice(0, at).join('/'))
          .map((other) => other.split('/')[at] ?? '{')
          .filter((word) => !word.startsWith('{'))
          .map((word) => path.split('/').with(at, word).join('/'))
      : [],
  );
  return [path, ...words];
}

const cases = [...new Set(templates.flatMap(pathsOf))].flatMap((path) => {
  const methods = routesAt(path).map(({ method }) => method);
  return every
    .filter((method) => !methods.includes(method))
    .map((method): [string, string, readonly string[]] => [method, path, methods]);
});

/** 405 on every path of the contracts, with every method that it does not have (http.md, Who calls). */
export function describeMethods(administrator: () => Api): void {
  describe('a method that a path does not have', () => {
    it.each(cases)('%s %s is 405 with Allow', async (method, path, methods) => {
      const takesBody = ['POST', 'PUT', 'PATCH'].includes(method);
      const answer = await administrator().send(method, path, takesBody ? { body: {} } : {});
      expect([answer.status, answer.body.code]).toEqual([405, 'method_not_allowed']);
      const allowed = [...methods, ...(methods.includes('GET') ? ['HEAD'] : [])].sort();
      expect((answer.headers.get('allow') ?? '').split(', ').sort()).toEqual(allowed);
    });
  });
}
