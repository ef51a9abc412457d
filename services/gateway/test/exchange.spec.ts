import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { keyHash, makeKey } from '@erato/contracts/identity/key-format';
import { Bus } from '@erato/platform/transport/bus';
import { answerCalls } from '@erato/testing/answer-calls';
import { startInfra, type Infra } from '@erato/testing/infra';
import { readMetrics } from '@erato/testing/metrics';
import { readGatewayConfig } from '../src/config.js';
import { startGateway, type RunningGateway } from '../src/server.js';

const id = '01890000-0000-7000-8000-000000000000';

describe('the gateway before services on the bus', () => {
  let infra: Infra;
  let content: Bus;
  let identity: Bus;
  let gateway: RunningGateway;
  let lookUps = 0;
  let isIdentityThere = true;
  const key = makeKey();

  beforeAll(async () => {
    infra = await startInfra();
    content = await Bus.open({ ...infra.nats('content'), name: 'test content' });
    identity = await Bus.open({ ...infra.nats('identity'), name: 'test identity' });
    answerCalls(content.connection, 'call.content.>', (call) =>
      call.answer({ data: { id, version: 3 } }, { version: '3' }),
    );
    answerCalls(identity.connection, 'call.identity.credential.key', (call) => {
      lookUps++;
      if (!isIdentityThere) {
        call.answer({ code: 'unavailable', title: 'away' }, { failure: 'unavailable' });
        return;
      }
      const isKnown = (call.input as { keyHash: string }).keyHash === keyHash(key);
      call.answer({
        data: isKnown
          ? { keyId: id, subjectType: 'user', subjectId: 'user_1', scopes: ['resources:write'] }
          : {},
      });
    });
    await Promise.all([content.connection.flush(), identity.connection.flush()]);
    const { url, user, password } = infra.nats('gateway');
    gateway = await startGateway(
      readGatewayConfig({
        NATS_URL: url,
        NATS_USER: user,
        NATS_PASSWORD: password,
        PORT: '0',
        LOG_LEVEL: 'fatal',
        ERATO_CALLER_MASTER_KEY: infra.callerMasterKey,
        ERATO_RATE_GUEST: '5',
        ERATO_CORS_ORIGINS: 'https://app.example',
        ERATO_TRUSTED_PROXIES: '127.0.0.1',
        WORKOS_CLIENT_ID: 'client_test',
        WORKOS_API_URL: 'http://127.0.0.1:1',
      }),
    );
  }, 60_000);

  afterAll(async () => {
    await gateway.close();
    await content.close();
    await identity.close();
    await infra.close();
  });

  const ask = (path: string, secret = key, init: RequestInit = {}): Promise<Response> =>
    fetch(gateway.url + path, {
      ...init,
      headers: { Authorization: `Bearer ${secret}`, ...(init.headers as Record<string, string>) },
    });

  it('gives an object the strong tag of its version, and a weak one where more was included', async () => {
    const plain = await ask(`/v1/resources/${id}`);
    expect(plain.status).toBe(200);
    expect(plain.headers.get('etag')).toBe('"v3"');
    const more = await ask(`/v1/resources/${id}?include=links`);
    expect(more.headers.get('etag')).toMatch(/^W\/"/);
  });

  it('tells how often it knew a credential, by kind', async () => {
    const counts = async (): Promise<number[]> => {
      const shown = await readMetrics(`http://127.0.0.1:${gateway.healthPort}`);
      const of = (labels: string): number => shown.get(`erato_credential_lookups_total{${labels}}`) ?? NaN;
      return ['key', 'session'].flatMap((kind) =>
        ['hit', 'miss'].map((outcome) => of(`kind="${kind}",outcome="${outcome}"`)),
      );
    };
    await ask(`/v1/resources/${id}`);
    const [keyHits = 0, keyMisses = 0, sessionHits = 0, sessionMisses = 0] = await counts();
    await ask(`/v1/resources/${id}`);
    await ask(`/v1/resources/${id}`);
    for (const secret of [makeKey(), 'a.token.of-nobody']) {
      const headers = { 'X-Forwarded-For': '198.51.100.20' };
      expect((await ask('/v1/me', secret, { headers })).status).toBe(401);
    }
    expect(await counts()).toEqual([keyHits + 2, keyMisses + 1, sessionHits, sessionMisses + 1]);
  });

  it('answers HEAD and 304 with the headers of the GET and no body', async () => {
    const head = await ask(`/v1/resources/${id}`, key, { method: 'HEAD' });
    expect([head.status, head.headers.get('etag'), await head.text()]).toEqual([200, '"v3"', '']);
    const same = await ask(`/v1/resources/${id}`, key, { headers: { 'If-None-Match': 'W/"v3"' } });
    expect([same.status, same.headers.get('etag'), await same.text()]).toEqual([304, '"v3"', '']);
    expect(same.headers.get('cache-control')).toBe('private, no-cache');
    expect(same.headers.get('vary')).toBe('Authorization, Erato-Act-As, Origin');
  });

  it('gives a kept answer with the same rule for caches as the first one', async () => {
    const post = (): Promise<Response> =>
      ask('/v1/resources', key, {
        method: 'POST',
        body: '{}',
        headers: { 'Content-Type': 'application/json', 'Idempotency-Key': 'a-key' },
      });
    expect((await post()).headers.get('idempotency-replayed')).toBeNull();
    const replayed = await post();
    expect(replayed.headers.get('idempotency-replayed')).toBe('true');
    expect(replayed.headers.get('cache-control')).toBe('private, no-cache');
  });

  it('tells a service that is away from a credential that is none', async () => {
    isIdentityThere = false;
    const asked = await Promise.all(Array.from({ length: 40 }, () => ask('/v1/me', makeKey())));
    isIdentityThere = true;
    expect(new Set(asked.map(({ status }) => status))).toEqual(new Set([503]));
  });

  it('looks no further credential up for an address that sent too many that were none', async () => {
    const before = lookUps;
    for (let guess = 0; guess < 40; guess++) await ask('/v1/me', makeKey());
    expect(lookUps - before).toBeGreaterThanOrEqual(20);
    expect(lookUps - before).toBeLessThan(30);
    const refused = await ask('/v1/me', makeKey());
    expect(refused.status).toBe(429);
    expect(refused.headers.get('retry-after')).toBe('1');
    expect((await ask(`/v1/resources/${id}`)).status).toBe(200);
  });

  describe('from a page of another origin', () => {
    const preflight = (path: string, method: string, origin = 'https://app.example'): Promise<Response> =>
      fetch(gateway.url + path, {
        method: 'OPTIONS',
        headers: {
          Origin: origin,
          'Access-Control-Request-Method': method,
          'X-Forwarded-For': '198.51.100.1',
        },
      });

    it('lets those in that are named', async () => {
      const asked = await preflight(`/v1/resources/${id}`, 'PATCH');
      expect([asked.status, await asked.text()]).toEqual([204, '']);
      expect(asked.headers.get('access-control-allow-origin')).toBe('https://app.example');
      expect(asked.headers.get('access-control-allow-methods')).toBe('GET, HEAD, PATCH, DELETE');
      expect(asked.headers.get('access-control-allow-headers')).toContain('Idempotency-Key');
      expect(asked.headers.get('access-control-allow-credentials')).toBeNull();
      const answer = await ask(`/v1/resources/${id}`, key, { headers: { Origin: 'https://app.example' } });
      expect(answer.headers.get('access-control-allow-origin')).toBe('https://app.example');
      expect(answer.headers.get('access-control-expose-headers')).toContain('ETag');
      expect(answer.headers.get('vary')).toContain('Origin');
    });

    it.each([
      ['another origin', `/v1/resources/${id}`, 'GET', 'https://evil.example', 403, 'origin_not_allowed'],
      ['no origin of a page', `/v1/resources/${id}`, 'GET', 'null', 403, 'origin_not_allowed'],
      ['a method that is not there', `/v1/resources/${id}`, 'PUT', undefined, 405, 'method_not_allowed'],
      ['a path that is not there', '/v1/nowhere', 'GET', undefined, 404, 'route_not_found'],
    ])('tells %s why not, as a problem', async (_, path, method, origin, status, code) => {
      const answer = await preflight(path, method, origin);
      expect([answer.status, await answer.json()]).toEqual([
        status,
        expect.objectContaining({ status, code }),
      ]);
      expect(answer.headers.get('content-type')).toMatch(/^application\/problem\+json/);
      expect(answer.headers.get('access-control-allow-methods')).toBeNull();
    });

    it('gives no other origin leave to read', async () => {
      const answer = await ask(`/v1/resources/${id}`, key, { headers: { Origin: 'https://evil.example' } });
      expect([answer.status, answer.headers.get('access-control-allow-origin')]).toEqual([200, null]);
    });
  });

  describe('a batch', () => {
    const batch = async (paths: readonly string[], headers: Record<string, string> = {}, more = {}) => {
      const body = JSON.stringify({ requests: paths.map((path) => ({ method: 'GET', path })), ...more });
      const answer = await fetch(`${gateway.url}/v1/batch`, {
        method: 'POST',
        body,
        headers: { 'Content-Type': 'application/json', ...headers },
      });
      const read = (await answer.json()) as {
        data: { responses: { status: number; body: Record<string, unknown> }[] };
        code: string;
        errors: { path: string; code: string }[];
      };
      return { answer, status: answer.status, ...read };
    };
    const known = { Authorization: `Bearer ${key}` };

    it('answers each in its place, as it would be alone', async () => {
      const found = await batch([`/v1/resources/${id}`, '/v1/users?nonsense=1', '/v1/organizations'], known);
      expect(found.status).toBe(200);
      const [one, other, third] = found.data.responses;
      expect(one).toEqual({ status: 200, body: { data: { id, version: 3 } } });
      expect(other).toMatchObject({ status: 403, body: { code: 'scope_missing', instance: '/v1/users' } });
      expect(third).toMatchObject({ status: 403, body: { code: 'scope_missing' } });
      expect(found.answer.headers.get('cache-control')).toBe('private, no-cache');
    });

    it('holds each to the same credential: a guest sees in it what a guest sees', async () => {
      const found = await batch([`/v1/resources/${id}`, '/v1/me'], { 'X-Forwarded-For': '198.51.100.10' });
      expect(found.data.responses.map(({ status }) => status)).toEqual([200, 401]);
    });

    it.each([
      '/v1/batch',
      '/v1/stream',
      '/v1/auth/sessions',
      '/v1/introspect/routes',
      '/v1/../v1/me',
      '/health/live',
    ])('refuses the whole where one may not stand in it: %s', async (path) => {
      const found = await batch([`/v1/resources/${id}`, path], known);
      expect([found.status, found.errors[0]?.path]).toEqual([400, 'requests.1.path']);
    });

    it('takes one to twenty GETs, and nothing else', async () => {
      const many = (count: number): string[] => Array.from({ length: count }, () => `/v1/resources/${id}`);
      expect((await batch(many(20), known)).data.responses).toHaveLength(20);
      for (const count of [0, 21]) expect((await batch(many(count), known)).status).toBe(400);
      const post = await batch([], known, { requests: [{ method: 'POST', path: '/v1/resources' }] });
      expect(post.errors[0]?.path).toBe('requests.0.method');
    });

    it('counts each for the rate', async () => {
      const from = { 'X-Forwarded-For': '198.51.100.11' };
      const paths = Array.from({ length: 20 }, () => `/v1/resources/${id}`);
      const [one, two] = [await batch(paths, from), await batch(paths, from)];
      expect(one.data.responses.filter(({ status }) => status === 200)).toHaveLength(20);
      expect([two.status, two.code]).toEqual([429, 'rate_limited']);
    });

    it('gives no conditional answer', async () => {
      const found = await batch([`/v1/resources/${id}`], { ...known, 'If-None-Match': '"v3"' });
      expect(found.data.responses[0]?.status).toBe(200);
    });

    it('acts for nobody', async () => {
      const found = await batch([`/v1/resources/${id}`], { ...known, 'Erato-Act-As': `workspace:${id}` });
      expect([found.status, found.code]).toEqual([400, 'act_as_not_allowed']);
    });
  });

  it('says that it is behind TLS only where a trusted proxy says so', async () => {
    const over = await ask(`/v1/resources/${id}`, key, { headers: { 'X-Forwarded-Proto': 'https' } });
    expect(over.headers.get('strict-transport-security')).toBe('max-age=63072000; includeSubDomains');
    expect((await ask(`/v1/resources/${id}`)).headers.get('strict-transport-security')).toBeNull();
  });

  it('counts no list for guests', async () => {
    const asked = await fetch(`${gateway.url}/v1/resources?count=exact`, {
      headers: { 'X-Forwarded-For': '198.51.100.2' },
    });
    expect([asked.status, await asked.json()]).toEqual([
      400,
      expect.objectContaining({
        errors: [expect.objectContaining({ path: 'count', code: 'not_for_guests' })],
      }),
    ]);
  });

  it.each(['/v1/%zz', '/nowhere', `/v1/resources/${'x'.repeat(400)}`])(
    'answers with a problem document at %s',
    async (path) => {
      const answer = await ask(path);
      expect(answer.headers.get('content-type')).toMatch(/^application\/problem\+json/);
      expect(await answer.json()).toMatchObject({ status: answer.status, requestId: expect.any(String) });
    },
  );
});
