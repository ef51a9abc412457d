import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { API_KEY, aWorkos, sdkFor, until, type Fixture } from './workos-fixture.js';

const TOKEN = 'control-token';
let workos: Fixture;
const control = () => workos.running.control;
const named = async (name: string): Promise<number> => {
  const { body } = await workos.call('GET', `/organizations?search=${name}&limit=100`);
  return (body['data'] as unknown[]).length;
};

beforeAll(async () => {
  workos = await aWorkos({ controlToken: TOKEN });
});
afterAll(() => workos.close());
beforeEach(() => {
  control().clear();
  control().forgetRequests();
});

describe('faults', () => {
  it('answer a status for the next requests that match, without effect', async () => {
    control().fail({ kind: 'status', status: 500, method: 'POST', path: '/organizations', times: 2 });
    for (let i = 0; i < 2; i++) {
      await expect(workos.sdk.organizations.createOrganization({ name: 'Failing' })).rejects.toMatchObject({
        status: 500,
      });
    }
    await workos.sdk.organizations.createOrganization({ name: 'Failing' });
    expect(await named('Failing')).toBe(1);
    expect(control().count({ method: 'POST', path: '/organizations' })).toBe(3);
    expect(
      control()
        .requests({ method: 'POST' })
        .map(({ status }) => status),
    ).toEqual([500, 500, 201]);
  });

  it('answer 429 with Retry-After', async () => {
    control().fail({
      kind: 'status',
      status: 429,
      path: '/user_management/users',
      retryAfterSeconds: 7,
      times: 1,
    });
    await expect(workos.sdk.userManagement.listUsers()).rejects.toMatchObject({
      name: 'RateLimitExceededException',
      retryAfter: 7,
    });
  });

  it('spoil the answer after the change, which a retry under the same key then finds', async () => {
    control().fail({
      kind: 'status',
      status: 503,
      path: '/organizations',
      retryAfterSeconds: 0,
      applied: true,
      times: 1,
    });
    const retrying = sdkFor(workos.running.port, { maxRetries: 1 });
    const made = await retrying.organizations.createOrganization({ name: 'Applied' });
    expect(await named('Applied')).toBe(1);
    expect(await workos.sdk.organizations.getOrganization(made.id)).toEqual(made);
    expect(control().count({ method: 'POST' })).toBe(2);
  });

  it.each([
    [true, 1],
    [false, 0],
  ])('drop the connection with the change applied: %s', async (applied, left) => {
    control().fail({ kind: 'drop', path: '/organizations', applied, times: 1 });
    await expect(
      workos.sdk.organizations.createOrganization({ name: `Dropped-${String(applied)}` }),
    ).rejects.toThrow();
    expect(await named(`Dropped-${String(applied)}`)).toBe(left);
  });

  it('delay, and never answer', async () => {
    control().fail({ kind: 'delay', milliseconds: 60, path: '/organizations', times: 1 });
    const start = Date.now();
    await workos.sdk.organizations.listOrganizations();
    expect(Date.now() - start).toBeGreaterThanOrEqual(59);
    control().fail({ kind: 'silence', path: '/organizations', times: 1 });
    const hasty = sdkFor(workos.running.port, { timeout: 50 });
    await expect(hasty.organizations.listOrganizations()).rejects.toMatchObject({ status: 408 });
    expect(control().requests().at(-1)?.status).toBeNull();
  });

  it('last until they are cleared, and hit a share of requests', async () => {
    const id = control().fail({ kind: 'status', status: 502, path: '/organizations' });
    for (let i = 0; i < 3; i++) expect((await workos.call('GET', '/organizations')).status).toBe(502);
    control().clear(id);
    expect((await workos.call('GET', '/organizations')).status).toBe(200);
    control().fail({ kind: 'status', status: 502, path: '/organizations', rate: 0 });
    expect((await workos.call('GET', '/organizations')).status).toBe(200);
  });
});

describe('the control API', () => {
  const call = (method: string, path: string, body?: unknown, token = TOKEN) =>
    workos.call(method, `/_control${path}`, body, { authorization: `Bearer ${token}` });

  it('does what the control object does', async () => {
    const made = await call('POST', '/faults', { kind: 'status', status: 418, path: '/organizations' });
    expect(made.status).toBe(201);
    expect((await workos.call('GET', '/organizations')).status).toBe(418);
    expect((await call('GET', '/faults')).body).toEqual({ faults: control().faults() });
    expect((await call('DELETE', `/faults/${String(made.body['id'])}`)).status).toBe(204);
    expect((await workos.call('GET', '/organizations')).status).toBe(200);
    await call('POST', '/faults', { kind: 'drop', path: '/', rate: 0.5, times: 3, applied: true });
    expect((await call('DELETE', '/faults')).status).toBe(204);
    expect(control().faults()).toEqual([]);
    const seen = await call('GET', '/requests?method=GET&path=/organizations');
    expect(seen.body).toMatchObject({ count: 2, requests: [{ status: 418 }, { status: 200 }] });
    await call('DELETE', '/requests');
    expect(control().count()).toBe(0);
    expect((await call('GET', '/webhooks')).body).toEqual({
      delivered: 0,
      failed: 0,
      dropped: 0,
      pending: 0,
    });
    expect((await call('POST', '/webhooks/faults', { kind: 'drop' })).body).toMatchObject({
      code: 'no_webhook',
    });
    expect((await call('DELETE', '/webhooks/faults')).status).toBe(204);
  });

  it('wants its own token, and refuses faults that it does not know', async () => {
    expect((await call('GET', '/faults', undefined, API_KEY)).status).toBe(401);
    expect(
      (await workos.call('GET', '/organizations', undefined, { authorization: `Bearer ${TOKEN}` })).status,
    ).toBe(401);
    for (const bad of [
      { kind: 'explode', path: '/' },
      { kind: 'status', path: '/' },
      { kind: 'drop' },
      { kind: 'drop', path: '/', rate: 2 },
      { kind: 'delay', path: '/', milliseconds: 1, applied: true },
    ]) {
      expect((await call('POST', '/faults', bad)).status).toBe(422);
    }
    expect((await call('GET', '/other')).status).toBe(404);
  });

  it('is not there without a token', async () => {
    const other = await aWorkos();
    expect(
      (await other.call('GET', '/_control/faults', undefined, { authorization: 'Bearer undefined' })).status,
    ).toBe(404);
    await other.close();
  });
});

describe('what it refuses', () => {
  it('is a request without the API key, or with another', async () => {
    expect(await workos.call('GET', '/organizations', undefined, { authorization: '' })).toMatchObject({
      status: 401,
      body: { message: 'Unauthorized' },
    });
    await expect(
      sdkFor(workos.running.port, { apiKey: 'sk_wrong' }).organizations.listOrganizations(),
    ).rejects.toMatchObject({
      name: 'UnauthorizedException',
    });
  });

  it.each([
    ['GET', '/nothing'],
    ['GET', '/directory_groups'],
    ['PATCH', '/organizations/org_1'],
    ['POST', '/user_management/magic_auth'],
    ['GET', '/organizations/'],
    ['GET', '//organizations'],
    ['GET', '/organizations/%E0%A4%A'],
  ])('is a route that it does not speak: %s %s', async (method, path) => {
    expect((await workos.call(method, path)).status).toBe(404);
  });

  it.each([
    ['GET', '/organizations?surprise=1', undefined],
    ['GET', '/organizations?limit=0', undefined],
    ['GET', '/organizations?limit=101', undefined],
    ['GET', '/organizations?order=up', undefined],
    ['GET', '/organizations?after=user_1', undefined],
    ['GET', '/organizations?limit=1&limit=2', undefined],
    ['GET', '/organizations/org_1?expand=all', undefined],
    ['GET', '/events?range_start=yesterday', undefined],
    ['POST', '/organizations', { name: 'A', surprise: true }],
    ['POST', '/organizations', { name: 1 }],
    ['POST', '/organizations', []],
    [
      'POST',
      '/user_management/users',
      { email: 'a@example.com', password_hash: 'x', password_hash_type: 'bcrypt' },
    ],
    ['PUT', '/user_management/organization_memberships/om_1', { role: 'admin' }],
  ])('is a parameter that is unknown or wrong: %s %s', async (method, path, body: unknown) => {
    expect(await workos.call(method, path, body)).toMatchObject({
      status: 422,
      body: { code: 'invalid_request_parameters' },
    });
  });

  it('is a body that is no JSON or too large', async () => {
    expect((await workos.call('POST', '/organizations', '{')).status).toBe(400);
    expect(
      (await workos.call('POST', '/organizations', 'name=A', { 'content-type': 'text/plain' })).status,
    ).toBe(415);
    const large = await workos
      .call('POST', '/organizations', { name: 'x'.repeat(1_100_000) })
      .catch(() => ({ status: 413 }));
    expect(large.status).toBe(413);
  });
});

describe('idempotency keys', () => {
  it('give the first answer again, and refuse another request', async () => {
    const make = (name: string, idempotencyKey: string) =>
      workos.sdk.organizations.createOrganization({ name }, { idempotencyKey });
    const first = await make('Once', 'key-1');
    expect(await make('Once', 'key-1')).toEqual(first);
    expect(await named('Once')).toBe(1);
    const other = await workos.call(
      'POST',
      '/organizations',
      { name: 'Twice' },
      { 'idempotency-key': 'key-1' },
    );
    expect(other).toMatchObject({
      status: 400,
      body: {
        message:
          'Another idempotency key (key-1) with different request parameters was found. Please use a different idempotency key.',
      },
    });
    expect(await make('Once', 'key-2')).not.toEqual(first);
    const user = { email: 'once@example.com' };
    const key = { 'idempotency-key': 'key-1' };
    const made = await workos.call('POST', '/user_management/users', user, key);
    expect(await workos.call('POST', '/user_management/users', user, key)).toMatchObject({
      status: 201,
      body: made.body,
    });
  });

  it('keep nothing of a refusal', async () => {
    const key = { 'idempotency-key': 'key-3' };
    const body = { user_id: 'user_none', organization_id: 'org_none' };
    expect((await workos.call('POST', '/user_management/organization_memberships', body, key)).status).toBe(
      404,
    );
    const user = await workos.call('POST', '/user_management/users', { email: 'later@example.com' });
    const organization = await workos.call('POST', '/organizations', { name: 'Later' });
    const good = { user_id: user.body['id'], organization_id: organization.body['id'] };
    expect((await workos.call('POST', '/user_management/organization_memberships', good, key)).status).toBe(
      201,
    );
  });
});

it('binds loopback alone', async () => {
  expect(new URL(workos.running.url).hostname).toBe('127.0.0.1');
  await until(async () => (await workos.call('GET', '/organizations')).status === 200);
  await expect(fetch(`http://[::1]:${workos.running.port}/organizations`)).rejects.toThrow();
});
