import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from '@jest/globals';
import { settle } from '@erato/testing/settle';
import { attempting, NoAnswer, ResilientFetch, retryAfterMs, type Patience } from './resilient-fetch.js';

// A try has as long as a busy machine may need.
const quick: Patience = { tryMs: 10_000, tries: 3, backoffMs: 5, failuresToOpen: 5, openMs: 60 };
let server: Server | undefined;

afterEach(async () => {
  server?.closeAllConnections();
  await new Promise((resolve) => (server ? server.close(resolve) : resolve(null)));
  server = undefined;
});

/** Serves, and gives the address and the requests that came. */
async function serving(handle: (...args: [...Parameters<RequestListener>, number]) => void) {
  const keys: (string | undefined)[] = [];
  const made = createServer((request, response) => {
    keys.push(request.headers['idempotency-key']?.toString());
    handle(request, response, keys.length);
  });
  server = made;
  await new Promise<void>((resolve) => made.listen(0, '127.0.0.1', resolve));
  return { url: `http://127.0.0.1:${(made.address() as AddressInfo).port}/`, keys };
}

const within = (ms: number, idempotencyKey?: string) => ({
  deadline: Date.now() + ms,
  ...(idempotencyKey ? { idempotencyKey } : {}),
});

describe('asking WorkOS', () => {
  it('tries again what is safe to repeat', async () => {
    const { url, keys } = await serving((_, response, at) =>
      response.writeHead(at < 3 ? 503 : 200).end('{}'),
    );
    const { fetch } = new ResilientFetch(quick);
    expect((await attempting(within(20_000), () => fetch(url))).status).toBe(200);
    expect(keys).toHaveLength(3);
  });

  it('tries a POST again only with an idempotency key, always the same', async () => {
    const { url, keys } = await serving((_, response) => response.writeHead(503).end('{}'));
    const { fetch } = new ResilientFetch(quick);
    const post = () => fetch(url, { method: 'POST', body: '{}' });
    expect((await attempting(within(20_000), post)).status).toBe(503);
    expect(keys).toEqual([undefined]);
    expect((await attempting(within(20_000, 'key-1'), post)).status).toBe(503);
    expect(keys).toEqual([undefined, 'key-1', 'key-1', 'key-1']);
  });

  it('does not try again what WorkOS refused', async () => {
    const { url, keys } = await serving((_, response) => response.writeHead(404).end('{}'));
    expect((await attempting(within(20_000), () => new ResilientFetch(quick).fetch(url))).status).toBe(404);
    expect(keys).toHaveLength(1);
  });

  it('gives a try its time, the body included, and all of them theirs', async () => {
    const { url, keys } = await serving((_, response) => void response.writeHead(200).write('{'));
    const began = Date.now();
    const hasty = new ResilientFetch({ ...quick, tryMs: 100 });
    await expect(attempting(within(250), () => hasty.fetch(url))).rejects.toThrow(NoAnswer);
    expect(Date.now() - began).toBeLessThan(quick.tryMs);
    expect(keys.length).toBeGreaterThan(1);
  });

  it('waits as long as it is asked to, but not beyond the end', async () => {
    let wait = '0.2';
    const { url, keys } = await serving((_, response, at) =>
      response.writeHead(at === 1 ? 429 : 200, { 'Retry-After': wait }).end('{}'),
    );
    const { fetch } = new ResilientFetch(quick);
    const began = Date.now();
    expect((await attempting(within(20_000), () => fetch(url))).status).toBe(200);
    expect(Date.now() - began).toBeGreaterThanOrEqual(195);
    keys.length = 0;
    wait = '60';
    expect((await attempting(within(20_000), () => fetch(url))).status).toBe(429);
    expect(keys).toHaveLength(1);
  });

  it('does not take refusals for failures, however many', async () => {
    const { url, keys } = await serving((_, response, at) =>
      response.writeHead(at % 2 ? 404 : 429).end('{}'),
    );
    const { fetch } = new ResilientFetch({ ...quick, tries: 1 });
    for (let asked = 0; asked < 12; asked++) await attempting(within(20_000), () => fetch(url));
    expect(keys).toHaveLength(12);
  });

  it('stays shut to all but one after a while, until that one succeeds', async () => {
    const { url, keys } = await serving((_, response) => response.writeHead(500).end('{}'));
    const { fetch } = new ResilientFetch({ ...quick, tries: 1, openMs: 1_000 });
    const ask = () => attempting(within(20_000), () => fetch(url)).catch((error: unknown) => error);
    for (let asked = 0; asked < 5; asked++) await ask();
    expect(keys).toHaveLength(5);
    expect(await ask()).toMatchObject({ name: 'NoAnswer', asked: false });
    await settle(async () => {
      await ask();
      return keys.length === 6;
    });
    // The one that was let through failed, so that nobody else is.
    for (let asked = 0; asked < 5; asked++) expect(await ask()).toMatchObject({ asked: false });
    expect(keys).toHaveLength(6);
  });

  it('stops asking after failures in a row, and asks again after a while', async () => {
    let well = false;
    const { url, keys } = await serving((_, response) => response.writeHead(well ? 200 : 500).end('{}'));
    const { fetch } = new ResilientFetch(quick);
    const ask = () => attempting(within(20_000), () => fetch(url));
    expect((await ask()).status).toBe(500);
    await expect(ask()).rejects.toMatchObject({ asked: false });
    expect(keys).toHaveLength(5);
    const began = Date.now();
    await expect(ask()).rejects.toThrow(NoAnswer);
    expect(Date.now() - began).toBeLessThan(quick.tryMs);
    expect(keys).toHaveLength(5);
    well = true;
    for (;;) {
      const status = await ask().then(
        (answer) => answer.status,
        () => null,
      );
      if (status === 200) break;
    }
    expect(keys).toHaveLength(6);
  });
});

describe('Retry-After', () => {
  it('is seconds or a date', () => {
    const now = Date.parse('2026-03-02T09:00:00Z');
    expect(retryAfterMs('2')).toBe(2_000);
    expect(retryAfterMs('Mon, 02 Mar 2026 09:00:03 GMT', now)).toBe(3_000);
    expect(retryAfterMs('Mon, 02 Mar 2026 08:00:00 GMT', now)).toBe(0);
    expect(retryAfterMs('soon')).toBeNull();
    expect(retryAfterMs(null)).toBeNull();
  });
});
