import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, it } from '@jest/globals';
import { notFound, unavailable } from '@erato/contracts/kit/failure';
import { startCollector } from '@erato/testing/collector';
import { inRequestSpan } from './request-span.js';
import { joinSharers, type Sharers } from './shared-work.js';
import { tracedFetch } from './traced-fetch.js';
import { activeTrace, activeTraceparent, apart, inSpan, startTracing } from './tracing.js';

const given = (digit: string): string => `00-${digit.repeat(32)}-${digit.repeat(16)}-01`;

describe('traces', () => {
  it('begin with the request: a known caller’s goes on, a guest’s is linked to, services and requests follow', async () => {
    const collector = await startCollector();
    expect([activeTraceparent(), activeTrace()]).toEqual([undefined, {}]);
    const stop = await startTracing('test', collector.url);
    const asked: Promise<void>[] = [];
    const server = createServer((request, response) => {
      const name = request.url?.split('?')[0]?.slice(1) ?? '';
      const traceparent = given(name === 'known' ? 'a' : 'b');
      const about = { method: 'GET', route: `/{${name}}`, requestId: `the ${name} one` };
      const work = async (): Promise<void> => {
        if (name === 'known') {
          const passedOn = activeTraceparent();
          expect(passedOn).toMatch(/^00-a{32}-/);
          expect(activeTrace().trace_id).toBe('a'.repeat(32));
          expect(apart(activeTraceparent)).toBeUndefined();
          const { port } = server.address() as AddressInfo;
          await inSpan('service', passedOn, () =>
            tracedFetch(`http://127.0.0.1:${port}/asked?secret=1`, {}, 2),
          );
        }
        // What the work throws is answered behind it.
        if (name === 'guest') setImmediate(() => response.writeHead(503).end());
        else response.writeHead(name === 'asked' ? 404 : 200).end();
      };
      asked.push(inRequestSpan({ ...about, traceparent, isKnown: name === 'known', response }, work));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    const failing = (thrown: Error) => inSpan(thrown.message, undefined, () => Promise.reject(thrown));
    for (const thrown of [
      notFound({ detail: 'missing' }),
      unavailable({ detail: 'away' }),
      new Error('broken'),
    ])
      await expect(failing(thrown)).rejects.toBe(thrown);
    const join = (digit: string, flags: string, sharers?: Sharers): Promise<Sharers | undefined> =>
      inSpan('sharing', `${given(digit).slice(0, -2)}${flags}`, () => Promise.resolve(joinSharers(sharers)));
    expect(joinSharers(undefined)).toBeUndefined();
    const first = await join('d', '01', await join('c', '00'));
    const shared = await join('f', '00', await join('e', '01', first));
    expect(shared?.map(({ traceId }) => traceId[0])).toEqual(['d', 'e']);
    for (const name of ['known', 'guest']) await (await fetch(`http://127.0.0.1:${port}/${name}`)).text();
    await Promise.all(asked);
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
    await stop();
    await collector.close();

    const [known, service, asking, guest, refused] = [
      'GET /{known}',
      'service',
      'GET 127.0.0.1',
      'GET /{guest}',
      'GET /{asked}',
    ].map((name) => collector.spans.find((span) => span.name === name));
    expect(known).toMatchObject({ traceId: 'a'.repeat(32), parentSpanId: 'a'.repeat(16), status: 0 });
    expect(known?.attributes).toMatchObject({ 'http.route': '/{known}', 'http.response.status_code': 200 });
    expect(service).toMatchObject({ traceId: 'a'.repeat(32), parentSpanId: known?.spanId });
    expect(asking).toMatchObject({ kind: 3, parentSpanId: service?.spanId, status: 2 });
    expect(asking?.attributes).toEqual({
      'http.request.method': 'GET',
      'http.request.resend_count': 1,
      'http.response.status_code': 404,
      'server.address': '127.0.0.1',
      'server.port': port,
      'error.type': '404',
    });
    expect(guest?.traceId).not.toBe('b'.repeat(32));
    expect(guest?.links).toEqual([expect.objectContaining({ traceId: 'b'.repeat(32) })]);
    expect(guest).toMatchObject({ status: 2, attributes: { 'http.response.status_code': 503 } });
    const errors = ['missing', 'away', 'broken'].map((name) =>
      collector.spans.find((span) => span.name === name),
    );
    expect(errors.map((span) => [span?.status, span?.attributes['error.type']])).toEqual([
      [0, 'not_found'],
      [2, 'unavailable'],
      [2, 'internal'],
    ]);
    // What somebody asks wrongly is no error of the server.
    expect(refused).toMatchObject({ status: 0, attributes: { 'http.response.status_code': 404 } });
    expect(JSON.stringify(collector.spans)).not.toContain('secret');
  });
});
