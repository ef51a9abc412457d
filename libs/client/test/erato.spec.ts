import { inspect } from 'node:util';
import { afterEach, describe, expect, it } from '@jest/globals';
import {
  attempt,
  Erato,
  EratoProblem,
  EratoTimeout,
  EratoUnexpectedAnswer,
  EratoUnreachable,
  isProblem,
  reading,
  type EratoOptions,
} from '@erato/client';
import { answer, AServer, refuse, type Behaviour } from './a-server.js';

let server: AServer | undefined;

afterEach(async () => {
  await server?.close();
});

/** A client that waits next to nothing before it repeats, of a server that behaves so. */
async function aClient(
  behaves: Behaviour,
  options: Partial<EratoOptions> = {},
): Promise<{ erato: Erato; server: AServer }> {
  server = await AServer.that(behaves);
  const erato = new Erato({
    url: `${server.url}/`,
    credential: 'erato_key',
    retry: { baseMs: 1 },
    ...options,
  });
  return { erato, server };
}

const workspace = { id: '0197c1f1-3b4c-7d5e-9f60-718293a4b5c6', name: 'Polar Night', version: 3 };
const path = { id: workspace.id };
const aName = { body: { name: 'Polar Night' } };

describe('a call', () => {
  it('sends what its route takes and gives what the API answered', async () => {
    const { erato, server } = await aClient((_, response) =>
      answer(response, 201, { data: workspace }, { etag: '"v3"', location: `/v1/workspaces/${path.id}` }),
    );
    const made = await erato.post('/v1/workspaces', { ...aName, idempotencyKey: 'polar-night' });
    expect(made).toEqual({
      data: workspace,
      status: 201,
      requestId: 'request-12345678',
      etag: '"v3"',
      location: `/v1/workspaces/${path.id}`,
      replayed: false,
      attempts: 1,
    });
    const [seen] = server.seen;
    expect(seen).toMatchObject({ method: 'POST', url: '/v1/workspaces', body: '{"name":"Polar Night"}' });
    expect(seen?.headers).toMatchObject({
      authorization: 'Bearer erato_key',
      'content-type': 'application/json',
      'idempotency-key': 'polar-night',
    });
  });

  it('acts for a workspace where its route takes that', async () => {
    const { erato, server } = await aClient((_, response) => answer(response, 201, { data: {} }));
    await erato.post('/v1/resources', { actAs: path.id, body: { type: 'status', excerpt: 'Out now.' } });
    expect(server.headers('erato-act-as')).toEqual([`workspace:${path.id}`]);
  });

  it('gives nothing where the API gives nothing', async () => {
    const { erato } = await aClient((_, response) => response.writeHead(204).end());
    expect((await erato.delete('/v1/teams/{id}', { path })).data).toBeUndefined();
  });

  it('goes without a credential as the guest', async () => {
    const { erato, server } = await aClient((_, response) => answer(response, 200, { data: workspace }));
    await erato.as().get('/v1/workspaces/{id}', { path });
    expect(server.headers('authorization')).toEqual([undefined]);
  });

  it('does not follow a redirect, which would be given the credential', async () => {
    const { erato, server } = await aClient((_, response) =>
      response.writeHead(302, { location: '/elsewhere' }).end('moved'),
    );
    const failed = erato.get('/v1/me');
    await expect(failed).rejects.toMatchObject({ name: 'EratoUnexpectedAnswer', status: 302 });
    expect(server.seen).toHaveLength(1);
  });

  it('says so where something else than the API answers', async () => {
    const { erato } = await aClient((_, response) => response.writeHead(200).end('<h1>Welcome</h1>'));
    await expect(erato.get('/v1/me')).rejects.toThrow(EratoUnexpectedAnswer);
  });
});

describe('a refusal', () => {
  it('is a problem with its code, its fields and the id of its request', async () => {
    const errors = [{ path: 'name', code: 'required', message: 'is missing' }];
    const { erato, server } = await aClient((_, response) =>
      refuse(response, 400, 'validation_failed', { errors, hint: 'more' }),
    );
    const problem: unknown = await erato.post('/v1/workspaces', aName).catch((error: unknown) => error);
    expect(problem).toBeInstanceOf(EratoProblem);
    expect(problem).toMatchObject({
      name: 'EratoProblem',
      code: 'validation_failed',
      status: 400,
      errors,
      requestId: 'request-12345678',
      method: 'POST',
      url: `${server.url}/v1/workspaces`,
      members: { hint: 'more' },
    });
    expect(isProblem(problem, 'validation_failed')).toBe(true);
    expect(isProblem(problem, 'not_found', 'slug_taken')).toBe(false);
    expect(server.seen).toHaveLength(1);
  });

  it('can be taken as a value whose code is one of the route’s', async () => {
    const { erato } = await aClient((_, response) => refuse(response, 409, 'slug_taken'));
    const made = await attempt(erato.post('/v1/workspaces', aName));
    if (made.ok) throw new Error('it was refused');
    const { code } = made.problem;
    // The compiler knows which codes there are: this one is no code of this route.
    // @ts-expect-error a workspace is no team
    expect(code === 'not_in_organization').toBe(false);
    expect(code === 'slug_taken').toBe(true);
  });

  it('leaves what is no problem to be thrown', async () => {
    const { erato } = await aClient((_, response) => response.writeHead(500).end('nginx'));
    await expect(attempt(erato.get('/v1/me'))).rejects.toMatchObject({ status: 500, text: 'nginx' });
  });
});

describe('what falters', () => {
  it.each([429, 502, 503, 504])('is asked again after %i when it may be', async (status) => {
    const { erato, server } = await aClient((_, response, nth) =>
      nth < 3 ? refuse(response, status, 'unavailable') : answer(response, 200, { data: workspace }),
    );
    const read = await erato.get('/v1/workspaces/{id}', { path });
    expect([read.attempts, read.data]).toEqual([3, workspace]);
    expect(server.seen).toHaveLength(3);
  });

  it('is asked again when the connection breaks', async () => {
    const { erato } = await aClient((_, response, nth) =>
      nth === 1 ? response.socket?.destroy() : answer(response, 200, { data: workspace }),
    );
    expect((await erato.get('/v1/workspaces/{id}', { path })).attempts).toBe(2);
  });

  it('sends a POST again with the same key, which it makes by itself', async () => {
    const { erato, server } = await aClient((_, response, nth) => {
      if (nth === 1) response.socket?.destroy();
      else if (nth === 2)
        refuse(response, 409, 'idempotency_in_progress', { headers: { 'retry-after': '0' } });
      else answer(response, 201, { data: workspace }, { 'idempotency-replayed': 'true' });
    });
    const made = await erato.post('/v1/workspaces', aName);
    expect(made).toMatchObject({ replayed: true, attempts: 3 });
    const [key, ...others] = server.headers('idempotency-key');
    expect(key).toMatch(/^[0-9a-f]{32}$/);
    expect(others).toEqual([key, key]);
    await erato.post('/v1/workspaces', aName);
    expect(server.headers('idempotency-key')[3]).not.toBe(key);
  });

  it('sends a guest’s POST once, without a key', async () => {
    const { erato, server } = await aClient((_, response) => refuse(response, 429, 'rate_limited'));
    const body = { grantType: 'password', email: 'ada@example.com', password: 'wrong' } as const;
    await expect(erato.as().post('/v1/auth/token', { body })).rejects.toMatchObject({ status: 429 });
    expect(server.headers('idempotency-key')).toEqual([undefined]);
  });

  it('sends a PATCH once when it may have had its effect', async () => {
    const { erato, server } = await aClient((_, response) => response.socket?.destroy());
    const change = erato.patch('/v1/workspaces/{id}', { path, body: { name: 'Dawn' } });
    await expect(change).rejects.toThrow(EratoUnreachable);
    expect(server.seen).toHaveLength(1);
  });

  it('gives up after so many attempts, with the last problem', async () => {
    const { erato, server } = await aClient((_, response) => refuse(response, 503, 'unavailable'));
    await expect(erato.get('/v1/me')).rejects.toMatchObject({ code: 'unavailable', attempts: 4 });
    expect(server.seen).toHaveLength(4);
  });

  it('waits as long as the server asks, and not at all where that is longer than the call may take', async () => {
    const { erato, server } = await aClient(
      (_, response, nth) => {
        if (nth === 2) answer(response, 200, { data: [], meta: { limit: 20, after: null, before: null } });
        else refuse(response, 429, 'rate_limited', { headers: { 'retry-after': nth === 1 ? '1' : '30' } });
      },
      { retry: { baseMs: 1, withinMs: 5_000 } },
    );
    const since = performance.now();
    await erato.get('/v1/workspaces');
    expect(performance.now() - since).toBeGreaterThanOrEqual(990);
    await expect(erato.get('/v1/workspaces')).rejects.toMatchObject({ retryAfterMs: 30_000, attempts: 1 });
    expect(server.seen).toHaveLength(3);
  });

  it('is not asked for ever when everything fails: the client’s budget is one', async () => {
    const { erato, server } = await aClient((_, response) => refuse(response, 503, 'unavailable'));
    const all = await Promise.allSettled(Array.from({ length: 20 }, () => erato.get('/v1/me')));
    expect(all.every(({ status }) => status === 'rejected')).toBe(true);
    expect(server.seen).toHaveLength(30);
  });
});

describe('time', () => {
  it('ends an attempt that takes too long', async () => {
    const { erato } = await aClient(() => undefined, { timeoutMs: 30, retry: { attempts: 2, baseMs: 1 } });
    const failed = erato.get('/v1/me');
    await expect(failed).rejects.toThrow(EratoTimeout);
    await expect(failed).rejects.toMatchObject({ attempts: 2, timeoutMs: 30 });
  });

  it('ends an answer whose body does not end', async () => {
    const { erato } = await aClient((_, response) => response.writeHead(200).write('{"data":'), {
      retry: { attempts: 1 },
    });
    await expect(erato.get('/v1/me', { timeoutMs: 50 })).rejects.toThrow(EratoTimeout);
  });

  it('ends a call that its caller aborts, while it runs and while it waits', async () => {
    const { erato, server } = await aClient((_, response) =>
      refuse(response, 503, 'unavailable', { headers: { 'retry-after': '10' } }),
    );
    const reason = new Error('the page was left');
    const waiting = new AbortController();
    const call = erato.get('/v1/me', { signal: waiting.signal });
    setTimeout(() => waiting.abort(reason), 50);
    await expect(call).rejects.toBe(reason);
    await expect(erato.get('/v1/me', { signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
    expect(server.seen).toHaveLength(1);
  });
});

describe('a credential', () => {
  it('is renewed once for all calls that were refused at the same time', async () => {
    let token = 'old';
    let renewed = 0;
    const { erato } = await aClient(
      ({ headers }, response) =>
        headers.authorization === 'Bearer new'
          ? answer(response, 200, { data: workspace })
          : refuse(response, 401, 'unauthenticated'),
      {
        credential: async ({ refresh }) => {
          if (refresh) {
            renewed += 1;
            await new Promise((resolve) => setTimeout(resolve, 20));
            token = 'new';
          }
          return token;
        },
      },
    );
    const calls = [1, 2, 3].map(() => erato.get('/v1/workspaces/{id}', { path }));
    expect((await Promise.all(calls)).map(({ attempts }) => attempts)).toEqual([2, 2, 2]);
    await erato.patch('/v1/workspaces/{id}', { path, body: { name: 'Dawn' } });
    expect(renewed).toBe(1);
  });

  it('that is refused again is refused', async () => {
    let nth = 0;
    const { erato, server } = await aClient((_, response) => refuse(response, 401, 'unauthenticated'), {
      credential: ({ refresh }) => `token ${String(refresh ? ++nth : nth)}`,
    });
    await expect(erato.get('/v1/me')).rejects.toMatchObject({ code: 'unauthenticated', attempts: 2 });
    expect(server.headers('authorization')).toEqual(['Bearer token 0', 'Bearer token 1']);
  });

  it('is not shown by who prints a client or an error of it', async () => {
    const { erato } = await aClient((_, response) => response.socket?.destroy(), { retry: { attempts: 1 } });
    const error: unknown = await erato.get('/v1/me').catch((failed: unknown) => failed);
    expect(inspect([erato, error], { depth: 10 })).not.toContain('erato_key');
  });

  it('that is a key is not tried again', async () => {
    const { erato, server } = await aClient((_, response) => refuse(response, 401, 'unauthenticated'));
    await expect(erato.get('/v1/me')).rejects.toMatchObject({ attempts: 1 });
    expect(server.seen).toHaveLength(1);
  });
});

describe('a list', () => {
  const pages: Behaviour = ({ url }, response) => {
    const from = Number(new URL(url, 'http://localhost').searchParams.get('after') ?? '0');
    const data = [1, 2, 3].map((n) => ({ id: String(from + n) }));
    const after = from + 3 < 9 ? String(from + 3) : null;
    answer(response, 200, { data, meta: { limit: 3, after, before: null } });
  };

  it('is walked from page to page, with its filters on each', async () => {
    const { erato, server } = await aClient(pages);
    const ids: string[] = [];
    for await (const { id } of erato.list('/v1/resources', { query: { type: ['post'], limit: 3 } }))
      ids.push(id);
    expect(ids).toEqual(['1', '2', '3', '4', '5', '6', '7', '8', '9']);
    expect(server.seen.map(({ url }) => url)).toEqual([
      '/v1/resources?type=post&limit=3',
      '/v1/resources?type=post&limit=3&after=3',
      '/v1/resources?type=post&limit=3&after=6',
    ]);
  });

  it('asks for no page that nobody walks to', async () => {
    const { erato, server } = await aClient(pages);
    const list = erato.list('/v1/resources');
    expect(server.seen).toHaveLength(0);
    expect((await list.take(4)).map(({ id }) => id)).toEqual(['1', '2', '3', '4']);
    expect(server.seen).toHaveLength(2);
    expect(await list.take(0)).toEqual([]);
    for await (const { meta } of list.pages()) {
      expect(meta.after).toBe('3');
      break;
    }
    expect(server.seen).toHaveLength(3);
  });

  it('begins where its cursor says', async () => {
    const { erato } = await aClient(pages);
    const rest = await erato.list('/v1/resources', { query: { after: '6' } }).take(10);
    expect(rest.map(({ id }) => id)).toEqual(['7', '8', '9']);
  });
});

describe('versions', () => {
  it('names the version that a change was made from', async () => {
    const { erato, server } = await aClient((_, response) => answer(response, 200, { data: workspace }));
    const change = (ifMatch: Parameters<typeof erato.patch<'/v1/workspaces/{id}'>>[1]['ifMatch']) =>
      erato.patch('/v1/workspaces/{id}', { path, body: { name: 'Dawn' }, ...(ifMatch ? { ifMatch } : {}) });
    const read = await erato.get('/v1/workspaces/{id}', { path });
    await change(7);
    await change('"v8"');
    await change({ ...read, etag: '"v9"' });
    // With `include` the tag is one of the bytes; the object's own version counts.
    await change({ ...read, etag: 'W/"bytes"' });
    expect(server.headers('if-match')).toEqual([undefined, '"v7"', '"v8"', '"v9"', '"v3"']);
    await expect(change({ etag: null })).rejects.toThrow(TypeError);
  });

  it('gives a known answer back where it still holds', async () => {
    const { erato, server } = await aClient(({ headers }, response) =>
      headers['if-none-match'] === '"v3"'
        ? response.writeHead(304).end()
        : answer(response, 200, { data: workspace }, { etag: '"v3"' }),
    );
    const first = await erato.get('/v1/workspaces/{id}', { path });
    expect(await erato.get('/v1/workspaces/{id}', { path, known: first })).toBe(first);
    expect(server.headers('if-none-match')).toEqual([undefined, '"v3"']);
  });

  it('edits what is there now, also after somebody else was faster', async () => {
    let version = 1;
    const { erato, server } = await aClient(({ method, headers, body }, response, nth) => {
      if (method === 'GET') answer(response, 200, { data: { version } }, { etag: `"v${String(version)}"` });
      else if (nth === 2) {
        version = 2;
        refuse(response, 412, 'precondition_failed');
      } else
        answer(response, 200, { data: { body: JSON.parse(body) as unknown, from: headers['if-match'] } });
    });
    const edited = await erato.edit('/v1/workspaces/{id}', { path }, (now) => ({
      description: `made from ${String(now.version)}`,
    }));
    expect(edited.data).toEqual({ body: { description: 'made from 2' }, from: '"v2"' });
    expect(server.seen.map(({ method }) => method)).toEqual(['GET', 'PATCH', 'GET', 'PATCH']);
  });
});

describe('consistency', () => {
  it('reads what was written: the newest revision goes with every later call, as whoever it is made', async () => {
    const { erato, server } = await aClient(({ method }, response, nth) =>
      answer(response, 200, { data: method === 'PUT' ? { permissions: [], revision: 50 - nth } : workspace }),
    );
    await erato.put('/v1/permissions', { body: { permissions: [] } });
    await erato.put('/v1/permissions', { body: { permissions: [] } });
    await erato.as('another').get('/v1/workspaces/{id}', { path });
    await erato.get('/v1/workspaces/{id}', { path, consistency: 99 });
    expect(server.headers('erato-consistency')).toEqual([undefined, '49', '49', '99']);
  });
});

describe('a batch', () => {
  const told: Behaviour = ({ body }, response) => {
    const { requests } = JSON.parse(body) as { requests: { path: string }[] };
    const responses = requests.map(({ path }) =>
      path.startsWith('/v1/me')
        ? { status: 200, body: { data: { path } } }
        : {
            status: 404,
            body: { status: 404, code: 'not_found', detail: path, requestId: 'request-12345678' },
          },
    );
    answer(response, 200, { data: { responses } });
  };

  it('reads many things in one call, and tells of each what became of it', async () => {
    const { erato, server } = await aClient(told);
    const [me, lost] = await erato.batch([reading('/v1/me'), reading('/v1/workspaces/{id}', { path })]);
    expect(me).toMatchObject({ ok: true, answer: { data: { path: '/v1/me' }, status: 200 } });
    expect(lost.ok ? null : lost.problem.code).toBe('not_found');
    expect(JSON.parse(server.seen[0]?.body ?? '')).toEqual({
      requests: [
        { method: 'GET', path: '/v1/me' },
        { method: 'GET', path: `/v1/workspaces/${path.id}` },
      ],
    });
  });

  it('is made of as many calls as it takes, and repeated like any reading', async () => {
    const { erato, server } = await aClient((seen, response, nth) =>
      nth === 1 ? refuse(response, 503, 'unavailable') : told(seen, response, nth),
    );
    const all = await erato.batch(Array.from({ length: 45 }, () => reading('/v1/me')));
    expect(all.filter(({ ok }) => ok)).toHaveLength(45);
    expect(server.seen).toHaveLength(4);
    expect(server.headers('idempotency-key')).toEqual([undefined, undefined, undefined, undefined]);
  });
});

describe('a stream', () => {
  const headers = { 'content-type': 'text/event-stream' };
  const event = (seq: number): string =>
    `id: ${String(seq)}\ndata: {"id":"${String(seq)}","type":"content.resource.published"}\n\n`;
  const open = 'retry: 2000\n\nid: 1\nevent: open\ndata: {"topics":[]}\n\n';
  const topics = ['workspace:1'];

  it('goes on where it was when the connection or the server went away', async () => {
    const { erato, server } = await aClient((_, response, nth) => {
      if (nth === 2) {
        refuse(response, 503, 'unavailable');
        return;
      }
      response.writeHead(200, headers);
      if (nth === 1) {
        response.write(`${open}${event(2)}`, () => setTimeout(() => response.destroy(), 20));
      } else if (nth === 3)
        response.end(`${open.replace('id: 1', 'id: 2')}event: end\ndata: {"reason":"shutdown"}\n\n`);
      else response.write(`event: gap\ndata: {"after":2,"until":5}\n\n: still here\n\n${event(6)}`);
    });
    const heard: string[] = [];
    for await (const part of erato.stream({ topics })) {
      heard.push(part.kind === 'event' ? part.event.id : `gap until ${String(part.gap['until'])}`);
      if (heard.length === 3) break;
    }
    expect(heard).toEqual(['2', 'gap until 5', '6']);
    expect(server.headers('last-event-id')).toEqual([undefined, '2', '2', '2']);
    expect(server.seen[0]?.url).toBe('/v1/stream?topics=workspace%3A1');
  });

  it('takes another token when the first one ends', async () => {
    const { erato, server } = await aClient(
      ({ headers: { authorization } }, response) => {
        response.writeHead(200, headers);
        if (authorization === 'Bearer old')
          response.end('event: end\ndata: {"reason":"credential_ended"}\n\n');
        else response.write(event(7));
      },
      { credential: ({ refresh }) => (refresh ? 'new' : 'old') },
    );
    for await (const { cursor } of erato.stream({ topics })) {
      expect(cursor).toBe('7');
      break;
    }
    expect(server.headers('authorization')).toEqual(['Bearer old', 'Bearer new']);
  });

  it('does not ask for tokens without end where none of them lasts', async () => {
    const { erato, server } = await aClient(
      (_, response) => {
        response.writeHead(200, headers).end(`${open}event: end\ndata: {"reason":"credential_ended"}\n\n`);
      },
      { credential: ({ refresh }) => (refresh ? 'new' : 'old') },
    );
    await expect(erato.stream({ topics }).next()).rejects.toMatchObject({ reason: 'credential_ended' });
    expect(server.seen).toHaveLength(2);
  });

  it('ends for good when its access does, and is refused like any call', async () => {
    const { erato, server } = await aClient((_, response, nth) => {
      if (nth === 2) refuse(response, 404, 'not_found');
      else response.writeHead(200, headers).end('event: end\ndata: {"reason":"access_ended"}\n\n');
    });
    await expect(erato.stream({ topics }).next()).rejects.toMatchObject({
      name: 'EratoStreamEnded',
      reason: 'access_ended',
    });
    await expect(erato.stream({ topics }).next()).rejects.toMatchObject({ code: 'not_found' });
    expect(server.seen).toHaveLength(2);
  });

  it('ends quietly when it is aborted', async () => {
    const { erato } = await aClient((_, response) => response.writeHead(200, headers).write(event(3)));
    const abort = new AbortController();
    const heard: string[] = [];
    for await (const part of erato.stream({ topics, lastEventId: '2', signal: abort.signal })) {
      heard.push(part.kind);
      abort.abort();
    }
    expect(heard).toEqual(['event']);
  });
});
