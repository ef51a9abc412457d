import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, it } from '@jest/globals';
import { activeTraceparent, inRequestSpan, inSpan, startTracing } from './tracing.js';

interface Span {
  name: string;
  traceId: string;
  spanId: string;
  parentSpanId?: string;
  links?: { traceId: string }[];
}

describe('traces', () => {
  it('begin with the request: a known caller’s goes on, a guest’s is linked to, services follow', async () => {
    const spans: Span[] = [];
    const collector = createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        const body = JSON.parse(Buffer.concat(chunks).toString()) as {
          resourceSpans: { scopeSpans: { spans: Span[] }[] }[];
        };
        for (const { scopeSpans } of body.resourceSpans)
          for (const each of scopeSpans) spans.push(...each.spans);
        response.end('{}');
      });
    });
    await new Promise<void>((resolve) => collector.listen(0, '127.0.0.1', resolve));
    const { port } = collector.address() as AddressInfo;
    expect(activeTraceparent()).toBeUndefined();
    const stop = await startTracing('test', `http://127.0.0.1:${String(port)}`);
    const given = (digit: string): string => `00-${digit.repeat(32)}-${digit.repeat(16)}-01`;
    await inRequestSpan('known', { traceparent: given('a'), isKnown: true }, async () => {
      const passedOn = activeTraceparent();
      expect(passedOn).toMatch(/^00-a{32}-/);
      await inSpan('service', passedOn, () => Promise.resolve());
    });
    await inRequestSpan('guest', { traceparent: given('b'), isKnown: false }, () => Promise.resolve());
    await stop();
    await new Promise((resolve) => collector.close(resolve));
    const [known, service, guest] = ['known', 'service', 'guest'].map((name) =>
      spans.find((span) => span.name === name),
    );
    expect(known).toMatchObject({ traceId: 'a'.repeat(32), parentSpanId: 'a'.repeat(16) });
    expect(service).toMatchObject({ traceId: 'a'.repeat(32), parentSpanId: known?.spanId });
    expect(guest?.traceId).not.toBe('b'.repeat(32));
    expect(guest?.links).toEqual([expect.objectContaining({ traceId: 'b'.repeat(32) })]);
  });
});
