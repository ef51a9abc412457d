import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { v7 as uuidv7 } from 'uuid';
import type { NewApiKey } from '@erato/contracts/identity/api-key';
import { startSystem, type TestSystem } from '@erato/testing/system';
import { Api, type Answer } from '../support/api.js';
import { aPerson } from '../support/people.js';
import { hasVersion, named, routes, type Route } from './contract-routes.js';
import { describeIfMatch } from './if-match.js';
import { describeMethods } from './methods.js';
import { aTarget, aWorld, type World } from './standing.js';

describe('every route', () => {
  let system: TestSystem;
  let guest: Api;
  let admin: Api;
  let unscoped: Api;

  beforeAll(async () => {
    system = await startSystem({ env: { ERATO_RATE_KEY: '100000', ERATO_RATE_GUEST: '100000' } });
    guest = await Api.of(system.url);
    admin = guest.as(system.adminKey);
    const person = await aPerson(admin, 'conformance');
    const key = await person.api.post<NewApiKey>('/v1/api-keys', {
      name: 'No scope of use here',
      subjectType: 'user',
      subjectId: person.id,
      scopes: ['collections:read'],
    });
    unscoped = guest.as(key.body.data.secret);
  }, 120_000);

  afterAll(async () => {
    await system.stop();
  }, 60_000);

  const send = (
    api: Api,
    route: Route,
    body: unknown = route.body,
    headers: Record<string, string> = {},
  ): Promise<Answer> =>
    api.send(route.method, route.path, { ...(body === undefined ? {} : { body }), headers });

  it('is listed for administrators, with its scope and its message', async () => {
    const listed = await admin.get<{ method: string; path: string }[]>('/v1/introspect/routes');
    const names = listed.body.data.map(({ method, path }) => `${method} ${path}`);
    expect(routes.filter(({ name }) => !names.includes(name))).toEqual([]);
    expect((await unscoped.get('/v1/introspect/routes')).status).toBe(403);
    expect((await guest.get('/v1/introspect/routes')).status).toBe(401);
  });

  it.each(named(({ call }) => !call.guest))('%s answers 401 without a credential', async (_, route) => {
    const answer = await send(guest, route);
    expect([answer.status, answer.body.code]).toEqual([401, 'unauthenticated']);
    expect(answer.headers.get('www-authenticate')).toBe('Bearer');
  });

  it.each(named(() => true))('%s answers 401 to a credential that is none', async (_, route) => {
    for (const wrong of ['erato_typo', 'eyJhbGciOiJub25lIn0.e30.', 'Bearer Bearer']) {
      expect((await send(guest.as(wrong), route)).status).toBe(401);
    }
  });

  it.each(named(({ call }) => call.scope !== null))('%s answers 403 without its scope', async (_, route) => {
    const answer = await send(unscoped, route);
    expect([answer.status, answer.body.code]).toEqual([403, 'scope_missing']);
  });

  it.each(named(({ body }) => body === undefined))(
    '%s refuses a parameter that it does not know',
    async (_, route) => {
      const answer = await admin.send(route.method, `${route.path}?nonsense=1`);
      expect([answer.status, answer.body.errors[0]?.path]).toEqual([400, 'nonsense']);
    },
  );

  it.each(named(({ body }) => body !== undefined))(
    '%s refuses a field that it does not know',
    async (_, route) => {
      const answer = await send(admin, route, { ...route.body, nonsense: 1 });
      expect(answer.status).toBe(400);
      expect(answer.body.errors.map(({ path, code }) => [path, code])).toContainEqual([
        'nonsense',
        'unknown_field',
      ]);
    },
  );

  it.each(named(({ body }) => body !== undefined && Object.keys(body).length > 0))(
    '%s refuses a wrong type',
    async (_, route) => {
      const [field = ''] = Object.keys(route.body ?? {});
      const answer = await send(admin, route, { ...route.body, [field]: { not: ['this'] } });
      expect(answer.status).toBe(400);
      expect(answer.body.errors[0]?.path.split('.')[0]).toBe(field);
    },
  );

  it.each(named(({ body }) => body !== undefined))(
    '%s refuses what is no JSON object, and a huge body',
    async (_, route) => {
      for (const body of ['{"a":', '[1]', '"text"'])
        expect((await send(admin, route, body)).status).toBe(400);
      expect((await send(admin, route, JSON.stringify({ a: 'x'.repeat(1_100_000) }))).status).toBe(413);
      const form = await admin.send(route.method, route.path, {
        body: 'a=1',
        headers: { 'content-type': 'text/plain' },
      });
      expect(form.status).toBe(415);
    },
  );

  it.each(named(({ params }) => params.length > 0))(
    '%s answers 404 to an id that is malformed',
    async (_, route) => {
      const malformed = route.template.replaceAll(/\{\w+\}/g, '%27%20or%201=1--');
      const answer = await admin.send(
        route.method,
        malformed,
        route.body === undefined ? {} : { body: route.body },
      );
      expect(answer.status).toBe(404);
    },
  );

  it.each(named(({ params }) => params.includes('id')))(
    '%s answers 404 to an id of nothing',
    async (_, route) => {
      expect((await send(admin, route)).status).toBe(404);
    },
  );

  it.each(named(({ method }) => method === 'POST'))(
    '%s does not run twice for one Idempotency-Key',
    async (_, route) => {
      const headers = { 'idempotency-key': `conformance-${uuidv7()}` };
      const first = await send(admin, route, route.body, headers);
      const again = await send(admin, route, route.body, headers);
      if ([200, 201, 204, 404, 409, 412].includes(first.status)) {
        if (route.call.secret && first.status < 300) expect(again.body.code).toBe('already_done');
        else {
          expect(again.headers.get('idempotency-replayed')).toBe('true');
          expect([again.status, again.body]).toEqual([first.status, first.body]);
        }
      } else expect(again.headers.get('idempotency-replayed')).toBeNull();
      expect(first.status).toBeLessThan(500);
    },
  );

  describeIfMatch(() => admin);

  describe('of an object that stands', () => {
    let world: World;

    beforeAll(async () => {
      world = await aWorld(admin);
    }, 60_000);

    it.each(named((route) => route.method === 'GET' && hasVersion(route)))(
      '%s answers 304 where it has not changed',
      async (_, route) => {
        const { api, path } = await aTarget(world, route);
        const first = await api.get(path);
        expect(first.status).toBe(200);
        const etag = first.headers.get('etag') ?? '';
        expect(etag).toMatch(/^"v\d+"$/);
        for (const tag of [etag, `W/${etag}`, `"x", ${etag}`, '*']) {
          const again = await api.get(path, { headers: { 'if-none-match': tag } });
          expect([tag, again.status, again.body]).toEqual([tag, 304, { text: '' }]);
        }
        const other = await api.get(path, { headers: { 'if-none-match': '"v999999"' } });
        expect(other.status).toBe(200);
      },
    );

    it('is 404 and never 304 or 412 to who may not read it', async () => {
      const closed = await world.owner.api.post<{ id: string }>('/v1/workspaces', {
        name: 'Closed',
        visibility: 'private',
      });
      const path = `/v1/workspaces/${closed.body.data.id}`;
      const etag = (await world.owner.api.get(path)).headers.get('etag') ?? '';
      for (const api of [guest, world.other.api]) {
        for (const tag of [etag, '*'])
          expect((await api.get(path, { headers: { 'if-none-match': tag } })).status).toBe(404);
      }
      const stale = { headers: { 'if-match': '"v999999"' } };
      expect((await world.other.api.patch(path, { name: 'x' }, stale)).status).toBe(404);
      expect((await world.other.api.delete(path, stale)).status).toBe(404);
    });
  });

  describeMethods(() => admin);

  it('answers 404 to a path that does not exist', async () => {
    expect((await guest.get('/v1/nothing')).body.code).toBe('route_not_found');
  });

  it('carries security headers and a request id, given or made', async () => {
    const given = await guest.get('/v1/resources', { headers: { 'x-request-id': 'a.given-request_id' } });
    expect(given.headers.get('x-request-id')).toBe('a.given-request_id');
    const made = await guest.get('/v1/resources', { headers: { 'x-request-id': 'no <good>' } });
    expect(made.headers.get('x-request-id')).toMatch(/^[0-9a-f-]{36}$/);
    expect(made.headers.get('x-content-type-options')).toBe('nosniff');
    expect(made.headers.get('x-frame-options')).toBe('DENY');
    expect(made.headers.get('vary')).toContain('Authorization');
  });
});
