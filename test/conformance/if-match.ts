import { beforeAll, describe, expect, it } from '@jest/globals';
import type { Api } from '../support/api.js';
import { aPerson } from '../support/people.js';
import { named, routes, type Route } from './contract-routes.js';
import { aTarget, aWorld, type Target, type World } from './standing.js';

const isWritten = ({ method }: Route): boolean => ['PUT', 'PATCH', 'DELETE'].includes(method);

/** What can be read at the route's own path and above it. */
const readable = ({ template }: Route): Route[] =>
  routes.filter(
    ({ call, template: path, method }) =>
      method === 'GET' &&
      ['one', 'whole'].includes(call.reply.shape) &&
      `${template}/`.startsWith(`${path}/`),
  );

/** Where the version that a route's `If-Match` names is read: the nearest single object. */
function versionedAt(route: Route): string {
  const found = readable(route)
    .filter(({ call }) => call.reply.shape === 'one')
    .sort((a, b) => b.template.length - a.template.length)[0];
  if (!found) throw new Error(`${route.name}: there is no GET of what it changes`);
  return found.template;
}

/** `If-Match` on every route of the contracts that changes something (http.md, Concurrency). */
export function describeIfMatch(administrator: () => Api): void {
  describe('If-Match', () => {
    let world: World;
    let stranger: Api;

    beforeAll(async () => {
      world = await aWorld(administrator());
      stranger = (await aPerson(administrator(), 'stranger')).api;
    }, 60_000);

    const send = (api: Api, { method }: Route, { path, body }: Target, ifMatch?: string) =>
      api.send(method, path, {
        ...(body === undefined ? {} : { body }),
        headers: ifMatch === undefined ? {} : { 'if-match': ifMatch },
      });
    const etagOf = async (route: Route, { api, at }: Target): Promise<string> =>
      (await api.get(at(versionedAt(route)))).headers.get('etag') ?? '';
    const bodies = (route: Route, { api, at }: Target): Promise<unknown[]> =>
      Promise.all(readable(route).map(async ({ template }) => (await api.get(at(template))).body.data));

    it.each(named(({ isVersioned }) => isVersioned))(
      '%s answers 412 to a version that is not the present one, and changes nothing',
      async (_, route) => {
        const target = await aTarget(world, route);
        const [etag, before] = [await etagOf(route, target), await bodies(route, target)];
        expect(etag).toMatch(/^"v\d+"$/);
        for (const stale of ['"v999999"', `W/${etag}`, '"something else"', '""']) {
          const answer = await send(target.api, route, target, stale);
          expect([stale, answer.status, answer.body.code]).toEqual([stale, 412, 'precondition_failed']);
        }
        expect(await bodies(route, target)).toEqual(before);
        expect(await etagOf(route, target)).toBe(etag);
      },
    );

    it.each(named(({ isVersioned }) => isVersioned))(
      '%s goes through with the present version, once',
      async (_, route) => {
        const target = await aTarget(world, route);
        const etag = await etagOf(route, target);
        const answer = await send(target.api, route, target, `"v999999", ${etag}`);
        expect([answer.status, answer.status < 300 || answer.body]).toEqual([answer.status, true]);
        const now = await etagOf(route, target);
        // NOTE: an offer of a workspace leaves the workspace as it is until it is accepted.
        if (route.template.endsWith('/transfer')) expect(now).toBe(etag);
        else {
          expect(now).not.toBe(etag);
          const again = await send(target.api, route, target, etag);
          expect([401, 404, 409, 412]).toContain(again.status);
        }
      },
    );

    it.each(named(({ isVersioned }) => isVersioned))(
      '%s goes through without If-Match, and with one that takes any version',
      async (_, route) => {
        for (const ifMatch of [undefined, '*']) {
          const target = await aTarget(world, route);
          const answer = await send(target.api, route, target, ifMatch);
          expect([ifMatch, answer.status, answer.status < 300 || answer.body]).toEqual([
            ...[ifMatch, answer.status, true],
          ]);
        }
      },
    );

    it.each(named(({ isVersioned }) => isVersioned))(
      '%s tells no version to who may not change it',
      async (_, route) => {
        const target = await aTarget(world, route);
        const etag = await etagOf(route, target);
        for (const tag of [etag, '"v999999"']) {
          const answer = await send(stranger, route, target, tag);
          expect([tag, [403, 404].includes(answer.status)]).toEqual([tag, true]);
        }
        expect(await etagOf(route, target)).toBe(etag);
      },
    );

    it.each(named((route) => isWritten(route) && !route.isVersioned))(
      '%s, of what has no version, answers 412 to every version',
      async (_, route) => {
        const { path, body } = route;
        for (const tag of ['"v1"', '"something else"']) {
          const answer = await administrator().send(route.method, path, {
            ...(body === undefined ? {} : { body }),
            headers: { 'if-match': tag },
          });
          expect([tag, answer.status, answer.body.code]).toEqual([tag, 412, 'precondition_failed']);
        }
      },
    );
  });
}
