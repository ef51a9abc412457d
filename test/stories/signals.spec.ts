import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Resource } from '@erato/contracts/content/resource';
import type { Workspace } from '@erato/contracts/content/workspace';
import { startCollector, type CollectedSpan, type Collector } from '@erato/testing/collector';
import { settle } from '@erato/testing/settle';
import { readMetrics } from '@erato/testing/metrics';
import { startSystem, type TestSystem } from '@erato/testing/system';
import { Api } from '../support/api.js';
import { Listener } from '../support/listener.js';
import { aPerson, type Person } from '../support/people.js';
import { Workos } from '../support/workos.js';

const [serverKind, clientKind, consumerKind] = [2, 3, 5];

/** What operators see of the whole system (ARCHITECTURE.md, Seen from outside). */
describe('what operators see', () => {
  let collector: Collector;
  let system: TestSystem;
  let guest: Api;
  let admin: Api;
  let ana: Person;
  let workspace: Workspace;
  let post: Resource;

  beforeAll(async () => {
    collector = await startCollector();
    system = await startSystem({
      env: {
        ERATO_RATE_KEY: '100000',
        ERATO_RATE_GUEST: '100000',
        ERATO_REDIRECT_URIS: 'http://127.0.0.1:3000/callback',
        OTEL_EXPORTER_OTLP_ENDPOINT: collector.url,
        OTEL_BSP_SCHEDULE_DELAY: '50',
      },
    });
    guest = await Api.of(system.url);
    admin = guest.as(system.adminKey);
    ana = await aPerson(admin, 'ana');
    workspace = (await ana.api.post<Workspace>('/v1/workspaces', { name: 'Night Ferry' })).body.data;
    const links = [{ url: 'https://open.spotify.com/album/1' }];
    const body = { type: 'post', title: 'Aloud', status: 'LISTED', post: { body: 'Aloud.' }, links };
    const authors = [{ authorType: 'workspace', authorId: workspace.id }];
    post = (await ana.api.post<Resource>('/v1/resources', { ...body, authors })).body.data;
  }, 120_000);

  afterAll(async () => {
    await system.stop();
    await collector.close();
  }, 60_000);

  let asked = 0;
  const aTraceId = (): string => (++asked).toString(16).padStart(32, '5eed');
  const traceparent = (traceId: string): string => `00-${traceId}-${'5'.repeat(16)}-01`;
  const inTrace = (traceId: string): CollectedSpan[] =>
    collector.spans.filter((span) => span.traceId === traceId);
  /** The root span of a guest's request, found by the trace that he named. */
  const linkedTo = (traceId: string): Promise<CollectedSpan> =>
    collector.span(({ links }) => links.some((link) => link.traceId === traceId));

  it('traces go from the request through the bus into the database, and back through events', async () => {
    const traceId = aTraceId();
    const made = await ana.api.post<Workspace>(
      '/v1/workspaces',
      { name: 'Polar Night' },
      { headers: { traceparent: traceparent(traceId), 'x-request-id': 'a-request-of-mine' } },
    );
    expect(made.status).toBe(201);
    const find = (name: string, service: string): Promise<CollectedSpan> =>
      collector.span(
        (span) => [span.traceId, span.name, span.service].join() === [traceId, name, service].join(),
      );
    const root = await find('POST /v1/workspaces', 'erato-gateway');
    expect(root).toMatchObject({ kind: serverKind, parentSpanId: '5'.repeat(16), status: 0, links: [] });
    expect(root.attributes).toMatchObject({
      'http.request.method': 'POST',
      'http.route': '/v1/workspaces',
      'http.response.status_code': 201,
      'http.response.header.x-request-id': { values: [{ stringValue: 'a-request-of-mine' }] },
    });
    const call = await find('call.content.workspace.create', 'erato-content');
    expect(call.parentSpanId).toBe(root.spanId);
    const commit = await find('COMMIT', 'erato-content');
    expect(commit).toMatchObject({ kind: clientKind, parentSpanId: call.spanId });
    expect(call.seconds).toBeGreaterThan(commit.seconds);
    const heard = await find('authz-content content.workspace.created', 'erato-authz');
    expect(heard.kind).toBe(consumerKind);
    const applied = await settle(() =>
      inTrace(traceId).find(({ parentSpanId }) => parentSpanId === heard.spanId),
    );
    expect(applied.attributes['db.system.name']).toBe('postgresql');
  });

  it('traces begin at every route, named after its template; a guest’s own is but linked to', async () => {
    const routes: [route: string, path: string, status: number, init?: RequestInit][] = [
      ['GET /v1/resources/{id}', `/v1/resources/${post.id}`, 200],
      ['HEAD /v1/resources/{id}', `/v1/resources/${post.id}`, 200, { method: 'HEAD' }],
      ['GET /@{slug}', `/@${workspace.slug}`, 200],
      ['GET /@{slug}', '/@nobody-of-that-name', 404],
      ['GET /@{slug}/feed.xml', `/@${workspace.slug}/feed.xml`, 200],
      ['GET /r/{shortId}', `/r/${post.shortId}`, 200],
      ['HEAD /r/{shortId}', `/r/${post.shortId}`, 200, { method: 'HEAD' }],
      ['GET /r/{shortId}/{position}', `/r/${post.shortId}/1`, 302],
      ['GET /favicon.svg', '/favicon.svg', 200],
      ['GET /docs', '/docs', 200],
      ['GET /docs/problems', '/docs/problems', 200],
      ['GET /docs/{file}', '/docs/start.js', 200],
      ['GET /openapi.json', '/openapi.json', 200],
      ['GET /v1/auth/login', '/v1/auth/login?redirectUri=http://127.0.0.1:3000/callback&state=hush', 302],
      ['GET /v1/auth/login', '/v1/auth/login?redirectUri=http://somewhere.example', 400],
      ['GET /v1/introspect/routes', '/v1/introspect/routes', 401],
      ['POST /webhooks/workos', '/webhooks/workos', 401, { method: 'POST', body: '{"hush":1}' }],
    ];
    for (const [name, path, status, init] of routes) {
      const traceId = aTraceId();
      const headers = { traceparent: traceparent(traceId), 'content-type': 'application/json' };
      const answer = await fetch(system.url + path, { redirect: 'manual', ...init, headers });
      expect([path, answer.status]).toEqual([path, status]);
      const root = await linkedTo(traceId);
      expect([path, root.name]).toEqual([path, name]);
      expect(root).toMatchObject({ kind: serverKind, status: 0, service: 'erato-gateway' });
      expect(root.parentSpanId).toBeUndefined();
      expect(root.attributes).toMatchObject({
        'http.route': name.split(' ')[1],
        'http.response.status_code': status,
      });
    }
    const said = JSON.stringify(collector.spans);
    for (const hidden of ['hush', post.shortId, workspace.slug, post.id]) expect(said).not.toContain(hidden);
  });

  it('traces tell the opening of a stream, not the time for which it is open', async () => {
    const traceId = aTraceId();
    const key = await ana.api.post<{ secret: string }>('/v1/api-keys', {
      name: 'A listener',
      subjectType: 'user',
      subjectId: ana.id,
      scopes: ['resources:read', 'workspaces:read'],
    });
    const listener = await Listener.open(`${system.url}/v1/stream?topics=workspace:${workspace.id}`, {
      authorization: `Bearer ${key.body.data.secret}`,
      traceparent: traceparent(traceId),
    });
    try {
      const root = await settle(() => inTrace(traceId).find(({ name }) => name === 'GET /v1/stream'));
      expect(listener.isOver).toBe(false);
      expect(root.attributes['http.response.status_code']).toBe(200);
      expect(root.parentSpanId).toBe('5'.repeat(16));
      const refused = aTraceId();
      const headers = { traceparent: traceparent(refused) };
      const nothing = `/v1/stream?topics=workspace:${post.id}`;
      expect((await fetch(system.url + nothing, { headers })).status).toBe(404);
      expect((await linkedTo(refused)).attributes['http.response.status_code']).toBe(404);
    } finally {
      listener.close();
    }
  });

  it('traces follow what is asked of WorkOS, by its host alone; a fault is an error, and in the log', async () => {
    const [made, failed] = [aTraceId(), aTraceId()];
    const aUser = (traceId: string, email: string) =>
      admin.post(
        '/v1/users',
        { email, password: 'Hush-hush-Str0ng!' },
        { headers: { traceparent: traceparent(traceId) } },
      );
    expect((await aUser(made, 'bo@label.example')).status).toBe(201);
    const host = new URL(system.workosControl.url).hostname;
    const asking = await settle(() => inTrace(made).find(({ name }) => name === `POST ${host}`));
    const call = await settle(() => inTrace(made).find(({ name }) => name === 'call.identity.user.create'));
    expect(asking).toMatchObject({ kind: clientKind, parentSpanId: call.spanId, status: 0 });
    expect(asking.attributes).toMatchObject({
      'http.response.status_code': 201,
      'server.port': Number(new URL(system.workosControl.url).port),
    });
    const workos = new Workos(system);
    await workos.fail({ kind: 'status', path: '/user_management/users', status: 500 });
    try {
      expect((await aUser(failed, 'cy@label.example')).status).toBe(502);
    } finally {
      await workos.clear();
    }
    const root = await settle(() => inTrace(failed).find(({ name }) => name === 'POST /v1/users'));
    expect(root).toMatchObject({ status: 2, attributes: { 'error.type': '502' } });
    const tries = inTrace(failed).filter(({ name }) => name === `POST ${host}`);
    expect(tries.map(({ status, attributes }) => [status, attributes['error.type']])).toContainEqual([
      2,
      '500',
    ]);
    for (const process of ['gateway', 'identity'] as const) {
      expect(await settle(() => system.log(process).includes(`"trace_id":"${failed}"`))).toBe(true);
    }
    const said = JSON.stringify(collector.spans);
    for (const hidden of ['ush-hush', 'label.example', 'user_management']) expect(said).not.toContain(hidden);
  });

  it('traces have no place for what is done every second, nor for paths that lead nowhere', async () => {
    for (const path of ['/health/live', '/nowhere']) await fetch(system.url + path);
    await fetch(`${system.url}/docs`, { headers: { traceparent: traceparent('e'.repeat(32)) } });
    await linkedTo('e'.repeat(32));
    const roots = collector.spans.filter(({ parentSpanId }) => !parentSpanId);
    expect(roots.filter(({ kind }) => kind === clientKind)).toEqual([]);
    expect(roots.filter(({ name }) => /health|nowhere|\*/.test(name))).toEqual([]);
  });

  it('metrics are those that the page for operators names', async () => {
    const page = readFileSync(new URL('../../docs/operations.md', import.meta.url), 'utf8');
    const named = new Set([...page.matchAll(/^\| `(erato_[a-z_]+)`/gm)].map(([, name]) => name));
    const served = new Set<string>();
    for (const service of ['gateway', 'identity', 'authz', 'content'] as const) {
      const text = await (await fetch(`${system.healthUrl(service)}/metrics`)).text();
      for (const [, name = ''] of text.matchAll(/^# HELP (\S+)/gm)) served.add(name);
    }
    const own = [...served].filter((name) => !/^erato_(process|nodejs)_/.test(name));
    expect(own.sort()).toEqual([...named].sort());
  });

  it('metrics tell of pools, the outbox and what the gateway knows of who calls', async () => {
    const content = await readMetrics(system.healthUrl('content'));
    const open = ['idle', 'used'].map((state) =>
      content.get(`erato_database_connections{pool="reads",state="${state}",service="content"}`),
    );
    expect((open[0] ?? 0) + (open[1] ?? 0)).toBeGreaterThan(0);
    await settle(async () => {
      const shown = await readMetrics(system.healthUrl('content'));
      return shown.get('erato_outbox_backlog{service="content"}') === 0;
    });
    const hits = 'erato_credential_lookups_total{kind="session",outcome="hit",service="gateway"}';
    const before = (await readMetrics(system.healthUrl('gateway'))).get(hits) ?? NaN;
    for (let times = 0; times < 3; times++) await ana.api.get('/v1/me');
    const after = (await readMetrics(system.healthUrl('gateway'))).get(hits) ?? NaN;
    expect(after - before).toBeGreaterThanOrEqual(2);
  });
});
