import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { v7 as uuidv7 } from 'uuid';
import { tables } from '@erato/contracts/catalogue';
import type { AnyCall, Method } from '@erato/contracts/kit/call';
import { schemasOf, type JsonSchema } from '@erato/contracts/kit/schema';
import type { NewApiKey } from '@erato/contracts/identity/api-key';
import { settle } from '@erato/testing/settle';
import { startSystem, type TestSystem } from '@erato/testing/system';
import { Api, type Answer } from '../support/api.js';
import { aPerson } from '../support/people.js';

interface Route {
  readonly name: string;
  readonly call: AnyCall;
  readonly method: Method;
  /** The path with values that are well-formed and belong to nothing. */
  readonly path: string;
  readonly params: readonly string[];
  readonly fields: Readonly<Record<string, JsonSchema>>;
  /** The example's body. */
  readonly body: Readonly<Record<string, unknown>> | undefined;
}

const routes: readonly Route[] = tables
  .flatMap((table) => Object.values(table))
  .flatMap((call): Route[] => {
    if (!call.http) return [];
    const { method, path: template } = call.http;
    const fields = schemasOf(call.request)[call.request.name]?.properties ?? {};
    const params = [...template.matchAll(/\{(\w+)\}/g)].map((match) => match[1] ?? '');
    const given = (call.example.request ?? {}) as Record<string, unknown>;
    const path = template.replaceAll(/\{(\w+)\}/g, (_, name: string) =>
      unknownValue(fields[name] ?? {}, given[name]),
    );
    const body = Object.fromEntries(Object.entries(given).filter(([name]) => !params.includes(name)));
    const takesBody = ['POST', 'PUT', 'PATCH'].includes(method);
    return [
      {
        name: `${method} ${template}`,
        call,
        method,
        path,
        params,
        fields,
        body: takesBody ? body : undefined,
      },
    ];
  });

/** A value of the field's form that names nothing: a fresh UUID where ids are UUIDs, else the example with another end. */
function unknownValue(schema: JsonSchema, example: unknown): string {
  if (schema.format === 'uuid') return uuidv7();
  if (schema.enum) return String(schema.enum[0]);
  if (schema.type === 'integer') return String(schema.minimum ?? 1);
  return typeof example === 'string' ? example : 'nothing_here';
}

const named = (matches: (route: Route) => boolean): [string, Route][] =>
  routes.filter(matches).map((route) => [route.name, route]);

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
      const template = route.call.http?.path ?? '';
      const malformed = template.replaceAll(/\{\w+\}/g, '%27%20or%201=1--');
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

  describe('of an object that stands', () => {
    let owner: Api;
    let ids: Readonly<Record<string, string>>;
    let closed: string;

    beforeAll(async () => {
      const person = await aPerson(admin, 'versions');
      owner = person.api;
      const make = async (path: string, body: object): Promise<string> => {
        const made = await owner.post<{ id: string }>(path, body);
        if (made.status !== 201) throw new Error(`${path}: ${JSON.stringify(made.body)}`);
        return made.body.data.id;
      };
      const workspaces = await make('/v1/workspaces', { name: 'Versions' });
      closed = await make('/v1/workspaces', { name: 'Closed', visibility: 'private' });
      const organizationId = await make('/v1/organizations', { name: `Versions ${uuidv7()}` });
      const links = [{ url: 'https://a.example/1' }, { url: 'https://a.example/2' }];
      ids = {
        workspaces,
        resources: await make('/v1/resources', {
          type: 'post',
          title: 'Versions',
          post: { body: 'x' },
          links,
        }),
        organizations: organizationId,
        teams: await settle(() => make('/v1/teams', { organizationId, name: 'Versions' }), 20_000),
        'api-keys': await make('/v1/api-keys', {
          name: 'Versions',
          subjectType: 'user',
          subjectId: person.id,
          scopes: ['users:read'],
        }),
        users: person.id,
      };
      await owner.put(`/v1/workspaces/${workspaces}/links`, { links });
    }, 60_000);

    const template = (route: Route): string => route.call.http?.path ?? '';
    const noun = (route: Route): string => /^\/v1\/([a-z-]+)\/\{id\}/.exec(template(route))?.[1] ?? '';
    const standing = (route: Route): string =>
      template(route)
        .replace('{id}', ids[noun(route)] ?? '')
        .replace('{position}', '1');
    const nouns = ['workspaces', 'resources', 'organizations', 'teams', 'api-keys', 'users'];
    /** Parts of another type than this resource has, and what only an administrator changes. */
    const isAnother = (route: Route): boolean =>
      /\/(song|album|artwork|press-release|tracks|authors)\b/.test(template(route)) ||
      route.call.scope === 'admin';
    /** What wants a word of confirmation looks at that first. */
    const isConfirmed = ({ fields }: Route): boolean => Object.hasOwn(fields, 'confirm');
    const reaches = (route: Route): boolean =>
      nouns.includes(noun(route)) &&
      !(route.method === 'DELETE' && isConfirmed(route)) &&
      route.params.every((param) => ['id', 'position'].includes(param)) &&
      !isAnother(route);

    it.each(
      named((route) => reaches(route) && route.call.fails.some(({ code }) => code === 'precondition_failed')),
    )('%s answers 412 to a stale ETag, and changes nothing', async (_, route) => {
      const path = standing(route);
      const object = `/v1/${noun(route)}/${ids[noun(route)] ?? ''}`;
      const before = await owner.get<{ version: number }>(object);
      for (const stale of ['"v999999"', 'W/"v1"', '"something else"']) {
        const answer = await owner.send(route.method, path, {
          ...(route.body === undefined ? {} : { body: route.body }),
          headers: { 'if-match': stale },
        });
        expect([path, answer.status, answer.body.code]).toEqual([path, 412, 'precondition_failed']);
      }
      expect((await owner.get<{ version: number }>(object)).body.data).toEqual(before.body.data);
    });

    it.each(named((route) => reaches(route) && route.method === 'GET' && route.call.reply.shape === 'one'))(
      '%s answers 304 where it has not changed',
      async (_, route) => {
        const first = await owner.get(standing(route));
        expect(first.status).toBe(200);
        const etag = first.headers.get('etag');
        if (etag === null) return;
        for (const tag of [etag, `W/${etag}`, `"x", ${etag}`, '*']) {
          const again = await owner.get(standing(route), { headers: { 'if-none-match': tag } });
          expect([tag, again.status, again.body]).toEqual([tag, 304, { text: '' }]);
        }
        const other = await owner.get(standing(route), { headers: { 'if-none-match': '"v999999"' } });
        expect(other.status).toBe(200);
      },
    );

    it('is 404 and never 304 or 412 to who may not read it', async () => {
      const path = `/v1/workspaces/${closed}`;
      const etag = (await owner.get(path)).headers.get('etag') ?? '';
      const stranger = (await aPerson(admin, 'stranger')).api;
      for (const api of [guest, stranger]) {
        for (const tag of [etag, '*'])
          expect((await api.get(path, { headers: { 'if-none-match': tag } })).status).toBe(404);
      }
      const stale = { headers: { 'if-match': '"v999999"' } };
      expect((await stranger.patch(path, { name: 'x' }, stale)).status).toBe(404);
      expect((await stranger.delete(path, stale)).status).toBe(404);
    });
  });

  it('answers 405 with Allow to a wrong method, and 404 to a path that does not exist', async () => {
    for (const path of new Set(routes.map((route) => route.path))) {
      const methods = routes.filter((route) => matching(route, path)).map((route) => route.method);
      const wrong = (['PUT', 'PATCH', 'DELETE'] as const).find((method) => !methods.includes(method));
      if (!wrong) continue;
      const answer = await admin.send(wrong, path, wrong === 'DELETE' ? {} : { body: {} });
      expect([path, answer.status]).toEqual([path, 405]);
      for (const method of methods) expect(answer.headers.get('allow')).toContain(method);
    }
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

const matching = (route: Route, path: string): boolean => {
  const parts = (route.call.http?.path ?? '').split('/');
  const given = path.split('/');
  return (
    parts.length === given.length && parts.every((part, at) => part.startsWith('{') || part === given[at])
  );
};
