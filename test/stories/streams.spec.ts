import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { jetstreamManager } from '@nats-io/jetstream';
import { connect } from '@nats-io/transport-node';
import type { StreamTicket } from '@erato/contracts/gateway/stream';
import type { Resource } from '@erato/contracts/content/resource';
import type { Workspace } from '@erato/contracts/content/workspace';
import type { NewApiKey } from '@erato/contracts/identity/api-key';
import { settle } from '@erato/testing/settle';
import { startSystem, type TestSystem } from '@erato/testing/system';
import { Api } from '../support/api.js';
import { Listener } from '../support/listener.js';
import { aPerson, type Person } from '../support/people.js';

describe('streams', () => {
  let system: TestSystem;
  let guest: Api;
  let ana: Person;
  let workspace: Workspace;
  const open: Listener[] = [];

  beforeAll(async () => {
    system = await startSystem({ env: { ERATO_RATE_KEY: '100000', ERATO_RATE_GUEST: '100000' } });
    guest = await Api.of(system.url);
    ana = await aPerson(guest.as(system.adminKey), 'ana');
    workspace = await aWorkspace('Polar Night');
  }, 120_000);

  afterEach(() => open.splice(0).forEach((listener) => listener.close()));
  afterAll(() => system.stop(), 60_000);

  const aWorkspace = async (name: string): Promise<Workspace> =>
    (await ana.api.post<Workspace>('/v1/workspaces', { name })).body.data;
  const aPost = async (more: object = {}, by = workspace): Promise<Resource> => {
    const body = { type: 'post', title: 'A word', status: 'LISTED', post: { body: 'Aloud.' }, ...more };
    const authors = [{ authorType: 'workspace', authorId: by.id }];
    const made = await ana.api.post<Resource>('/v1/resources', { ...body, authors });
    if (made.status !== 201) throw new Error(JSON.stringify(made.body));
    return made.body.data;
  };
  const aKey = async (scopes: string[]): Promise<NewApiKey> =>
    (
      await ana.api.post<NewApiKey>('/v1/api-keys', {
        name: 'A listener',
        subjectType: 'user',
        subjectId: ana.id,
        scopes,
      })
    ).body.data;
  const listen = async (query: string, headers: Record<string, string> = {}): Promise<Listener> => {
    const listener = await Listener.open(`${system.url}/v1/stream?${query}`, headers);
    open.push(listener);
    if (listener.answer.ok) await settle(() => listener.told.some(({ event }) => event === 'open'));
    return listener;
  };
  const bearer = (secret: string) => ({ authorization: `Bearer ${secret}` });
  const about = (listener: Listener, id: string): unknown[] =>
    listener.told.filter(({ data }) => data['subject'] === id).map(({ data }) => data['type']);

  it('tell what is published to everyone, and drafts to those alone who may update them', async () => {
    const topics = `topics=workspace:${workspace.id}`;
    const key = await aKey(['resources:read', 'workspaces:read']);
    const [everyone, own] = [await listen(topics), await listen(topics, bearer(key.secret))];
    expect(everyone.answer.headers.get('content-type')).toBe('text/event-stream; charset=utf-8');
    expect(everyone.answer.headers.get('cache-control')).toBe('no-store');
    expect(everyone.answer.headers.get('x-content-type-options')).toBe('nosniff');
    const draft = await aPost({ publishAt: null });
    const post = await aPost();
    await settle(() => about(everyone, post.id).length > 0 && about(own, post.id).length > 0);
    expect(about(own, draft.id)).toEqual(['content.resource.created']);
    expect(about(everyone, draft.id)).toEqual([]);
    const told = everyone.told.find(({ data }) => data['subject'] === post.id);
    expect(told?.data).toEqual({
      id: expect.any(String),
      type: 'content.resource.created',
      time: expect.any(String),
      subject: post.id,
      data: {
        resourceId: post.id,
        type: 'post',
        status: 'LISTED',
        publishedAt: post.publishedAt,
        version: post.version,
      },
    });
    await ana.api.delete(`/v1/resources/${draft.id}`);
    await ana.api.delete(`/v1/resources/${post.id}`);
    await settle(() => about(own, draft.id).length === 2 && about(everyone, post.id).length === 2);
    expect(about(everyone, draft.id)).toEqual([]);
  });

  it('go on where they were, over the death of the gateway, each event once and in its order', async () => {
    const topics = `topics=workspace:${workspace.id}`;
    const first = await listen(topics);
    const before = await aPost();
    await settle(() => about(first, before.id).length > 0);
    const { last } = first;
    first.close();
    const missed = [await aPost(), await aPost()];
    await system.kill('gateway');
    const then = await settle(async () => {
      const listener = await listen(topics, { 'last-event-id': last }).catch(() => null);
      return listener?.answer.ok ? listener : null;
    }, 30_000);
    const after = await aPost();
    await settle(() => about(then, after.id).length > 0);
    const subjects = then.told.filter(({ event }) => event === 'message').map(({ data }) => data['subject']);
    expect(subjects).toEqual([...missed, after].map(({ id }) => id));
    const ids = then.told.filter(({ event }) => event === 'message').map(({ id }) => Number(id));
    expect(ids).toEqual([...ids].sort((a, b) => a - b));
  }, 60_000);

  it('end when access ends, and what was told before is decided anew at replay', async () => {
    const closing = await aWorkspace('Closing soon');
    const topics = `topics=workspace:${closing.id}`;
    const [everyone, own] = [
      await listen(topics),
      await listen(topics, bearer((await aKey(['workspaces:read'])).secret)),
    ];
    const post = await aPost({}, closing);
    await settle(() => about(everyone, post.id).length > 0);
    const start = everyone.told[0]?.id ?? '';
    await ana.api.patch(`/v1/workspaces/${closing.id}`, { visibility: 'private' });
    await settle(() => everyone.isOver);
    expect(everyone.reason).toBe('access_ended');
    expect(own.isOver).toBe(false);
    const again = await listen(topics, { 'last-event-id': start });
    expect(again.answer.status).toBe(404);
    expect(await again.answer.json()).toMatchObject({ code: 'not_found' });
    const both = await listen(`${topics},workspace:${workspace.id}`);
    expect(both.answer.status).toBe(404);
  });

  it('end when a permission takes the access, at once', async () => {
    const eva = await aPerson(guest.as(system.adminKey), 'eva');
    const topics = `topics=workspace:${workspace.id}`;
    const { secret } = (
      await eva.api.post<NewApiKey>('/v1/api-keys', {
        name: 'x',
        subjectType: 'user',
        subjectId: eva.id,
        scopes: ['workspaces:read'],
      })
    ).body.data;
    const listener = await listen(topics, bearer(secret));
    const denied = await ana.api.post('/v1/permissions', {
      subjectType: 'user',
      subjectId: eva.id,
      objectType: 'workspace',
      objectId: workspace.id,
      action: 'read',
      value: 'deny',
    });
    expect(denied.status).toBe(201);
    await settle(() => listener.isOver, 5_000);
    expect(listener.reason).toBe('access_ended');
  });

  it('end with the key that opened them', async () => {
    const key = await aKey(['workspaces:read']);
    const listener = await listen(`topics=workspace:${workspace.id}`, bearer(key.secret));
    expect((await ana.api.delete(`/v1/api-keys/${key.id}`)).status).toBe(204);
    await settle(() => listener.isOver, 5_000);
    expect(listener.reason).toBe('credential_ended');
  });

  it('are opened by a ticket once, and by none of a key that has ended', async () => {
    const key = await aKey(['workspaces:read']);
    const ask = () => guest.as(key.secret).post<StreamTicket>('/v1/stream/tickets', {});
    const { ticket } = (await ask()).body.data;
    const query = `topics=workspace:${workspace.id}&ticket=${ticket}`;
    expect((await listen(query)).answer.status).toBe(200);
    expect((await listen(query)).answer.status).toBe(401);
    expect((await guest.post('/v1/stream/tickets', {})).status).toBe(401);
    const another = (await ask()).body.data;
    await ana.api.delete(`/v1/api-keys/${key.id}`);
    expect((await listen(`topics=workspace:${workspace.id}&ticket=${another.ticket}`)).answer.status).toBe(
      401,
    );
  });

  it('take known topics alone, the scope of each, and five at a time', async () => {
    const wrong = [
      'topics=notifications',
      'topics=workspace:1',
      'topics=',
      'topics=resource:*',
      `topics=workspace:${workspace.id}&x=1`,
      `topics=${Array.from({ length: 21 }, (_, at) => `workspace:01890000-0000-7000-8000-0000000000${String(at + 10)}`).join(',')}`,
    ];
    for (const query of wrong) expect([query, (await listen(query)).answer.status]).toEqual([query, 400]);
    const topics = `topics=workspace:${workspace.id}`;
    expect((await listen(topics, { 'last-event-id': 'x' })).answer.status).toBe(400);
    const narrow = await aKey(['collections:read']);
    expect((await listen(topics, bearer(narrow.secret))).answer.status).toBe(403);
    const key = await aKey(['workspaces:read']);
    for (let at = 0; at < 5; at++) expect((await listen(topics, bearer(key.secret))).answer.status).toBe(200);
    const sixth = await listen(topics, bearer(key.secret));
    expect([sixth.answer.status, await sixth.answer.json()]).toEqual([
      429,
      expect.objectContaining({ code: 'too_many_streams' }),
    ]);
    open.splice(0).forEach((listener) => listener.close());
    await settle(async () => (await listen(topics, bearer(key.secret))).answer.ok);
  });

  it('say what they cannot tell any more', async () => {
    const listener = await listen(`topics=workspace:${workspace.id}`);
    const post = await aPost();
    await settle(() => about(listener, post.id).length > 0);
    const { url, user, password } = system.nats;
    const bus = await connect({ servers: url, user, pass: password });
    await (await jetstreamManager(bus)).streams.purge('EVENTS', { seq: Number(listener.last) + 1 });
    await bus.close();
    const late = await listen(`topics=workspace:${workspace.id}`, { 'last-event-id': '1' });
    const gap = await settle(() => late.told.find(({ event }) => event === 'gap'));
    expect(gap.data).toEqual({ after: 1, until: Number(gap.id) });
  });

  it('are ended in order when the gateway stops', async () => {
    const listener = await listen(`topics=workspace:${workspace.id}`);
    const back = system.nextReady('gateway');
    process.kill(system.pid('gateway') ?? 0, 'SIGTERM');
    await settle(() => listener.isOver, 3_000);
    expect(listener.reason).toBe('shutdown');
    await back;
  }, 60_000);
});
