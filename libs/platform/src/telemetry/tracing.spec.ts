import { describe, expect, it } from '@jest/globals';
import { startCollector } from '@erato/testing/collector';
import { activeTraceparent, inRequestSpan, inSpan, startTracing } from './tracing.js';

describe('traces', () => {
  it('begin with the request: a known caller’s goes on, a guest’s is linked to, services follow', async () => {
    const collector = await startCollector();
    expect(activeTraceparent()).toBeUndefined();
    const stop = await startTracing('test', collector.url);
    const given = (digit: string): string => `00-${digit.repeat(32)}-${digit.repeat(16)}-01`;
    await inRequestSpan('known', { traceparent: given('a'), isKnown: true }, async () => {
      const passedOn = activeTraceparent();
      expect(passedOn).toMatch(/^00-a{32}-/);
      await inSpan('service', passedOn, () => Promise.resolve());
    });
    await inRequestSpan('guest', { traceparent: given('b'), isKnown: false }, () => Promise.resolve());
    await stop();
    await collector.close();
    const [known, service, guest] = ['known', 'service', 'guest'].map((name) =>
      collector.spans.find((span) => span.name === name),
    );
    expect(known).toMatchObject({ traceId: 'a'.repeat(32), parentSpanId: 'a'.repeat(16) });
    expect(service).toMatchObject({ traceId: 'a'.repeat(32), parentSpanId: known?.spanId });
    expect(guest?.traceId).not.toBe('b'.repeat(32));
    expect(guest?.links).toEqual([expect.objectContaining({ traceId: 'b'.repeat(32) })]);
  });
});
