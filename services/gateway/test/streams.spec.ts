import { connect, type Socket } from 'node:net';
import { jetstream } from '@nats-io/jetstream';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { workspaceUpdated } from '@erato/contracts/content/events';
import { Bus } from '@erato/platform/transport/bus';
import { answerCalls } from '@erato/testing/answer-calls';
import { startInfra, type Infra } from '@erato/testing/infra';
import { readMetrics } from '@erato/testing/metrics';
import { settle } from '@erato/testing/settle';
import { v7 as uuidv7 } from 'uuid';
import { readGatewayConfig } from '../src/config.js';
import { startGateway, type RunningGateway } from '../src/server.js';

const [followed, other] = [uuidv7(), uuidv7()];

/** A reader who takes what comes as fast as it comes. */
interface Reader {
  readonly told: { id: number; version: number; gap?: { after: number; until: number } }[];
  readonly isOver: () => boolean;
  close(): void;
}

describe('streams at their bounds', () => {
  let infra: Infra;
  let content: Bus;
  let gateway: RunningGateway;
  let version = 0;

  beforeAll(async () => {
    infra = await startInfra();
    content = await Bus.open({ ...infra.nats('content'), name: 'test content' });
    answerCalls(content.connection, 'call.content.access.decide', (call) => {
      const { viewers } = call.input as { viewers: unknown[] };
      call.answer({ data: { verdicts: viewers.map(() => ({ allowed: true })) } });
    });
    await content.connection.flush();
    const { url, user, password } = infra.nats('gateway');
    gateway = await startGateway(
      readGatewayConfig({
        ...{ NATS_URL: url, NATS_USER: user, NATS_PASSWORD: password, PORT: '0', LOG_LEVEL: 'fatal' },
        ...{ ERATO_CALLER_MASTER_KEY: infra.callerMasterKey, ERATO_RATE_GUEST: '1000' },
        ...{ WORKOS_CLIENT_ID: 'client_test', WORKOS_API_URL: 'http://127.0.0.1:1' },
      }),
    );
  }, 60_000);

  afterAll(async () => {
    await gateway.close();
    await content.close();
    await infra.close();
  });

  /** States so many events as content does, and gives the place of the last in the log. */
  async function state(count: number, { of = followed, bytes = 4 } = {}): Promise<number> {
    const stream = jetstream(content.connection);
    let last = 0;
    for (let done = 0; done < count; done += 500) {
      const part = Array.from({ length: Math.min(500, count - done) }, () => {
        const id = uuidv7();
        const data = { workspaceId: of, slug: 'a'.repeat(bytes), version: ++version };
        const body = { id, type: workspaceUpdated.name, time: new Date().toISOString(), subject: of, data };
        return stream.publish(workspaceUpdated.subject, JSON.stringify(body), { msgID: id });
      });
      last = Math.max(last, ...(await Promise.all(part)).map(({ seq }) => seq));
    }
    return last;
  }

  const path = `/v1/stream?topics=workspace:${followed}`;
  async function listen(last?: number): Promise<Reader> {
    const end = new AbortController();
    const headers = last === undefined ? {} : { 'last-event-id': String(last) };
    const answer = await fetch(gateway.url + path, { headers, signal: end.signal });
    expect(answer.status).toBe(200);
    const told: Reader['told'] = [];
    let isOver = false;
    const take = (block: string): void => {
      const [, id = '', event = '', data = ''] =
        /^id: (\d+)\n(?:event: (\w+)\n)?data: (.*)$/.exec(block) ?? [];
      if (data === '' || event === 'open') return;
      const read = JSON.parse(data) as { after: number; until: number; data: { version: number } };
      told.push(
        event === 'gap'
          ? { id: Number(id), version: 0, gap: read }
          : { id: Number(id), version: read.data.version },
      );
    };
    void (async () => {
      let text = '';
      for await (const chunk of answer.body ?? []) {
        const blocks = (text + Buffer.from(chunk as Uint8Array).toString()).split('\n\n');
        text = blocks.pop() ?? '';
        blocks.forEach(take);
      }
    })()
      .catch(() => undefined)
      .finally(() => (isOver = true));
    return { told, isOver: () => isOver, close: () => end.abort() };
  }

  const streamsOpen = async (): Promise<number | undefined> =>
    (await readMetrics(`http://127.0.0.1:${String(gateway.healthPort)}`)).get('erato_streams_open');

  it('tell the last 10,000 events of the log again, each once and in order, and of more than that a gap', async () => {
    const start = await state(1);
    await state(7_400, { of: other });
    const first = version + 1;
    const end = await state(2_600);
    expect(end).toBe(start + 10_000);
    const behind = await listen(start);
    await settle(() => behind.told.length >= 2_600, 30_000);
    expect(behind.told.map((each) => each.version)).toEqual(
      Array.from({ length: 2_600 }, (_, at) => first + at),
    );
    expect(behind.told.map(({ id }) => id)).toEqual(
      Array.from({ length: 2_600 }, (_, at) => start + 7_401 + at),
    );
    const tooFar = await listen(start - 1);
    const next = await state(1);
    await settle(() => tooFar.told.length === 2 && behind.told.length === 2_601);
    const gap = { after: start - 1, until: end };
    expect(tooFar.told).toEqual([
      { id: end, version: 0, gap: expect.objectContaining(gap) },
      { id: next, version },
    ]);
    // Whoever takes the gap's place as his last is told nothing twice and misses nothing more.
    const again = await listen(tooFar.told[0]?.id);
    await settle(() => again.told.length === 1);
    expect(again.told).toEqual([{ id: next, version }]);
    for (const reader of [behind, tooFar, again]) reader.close();
    await settle(async () => (await streamsOpen()) === 0);
  }, 60_000);

  it('cut off a reader who takes nothing for ten seconds, not one who takes little, and hold up nobody for them', async () => {
    const [slow, steady] = [
      await SlowReader.open(gateway.url + path),
      await SlowReader.open(gateway.url + path),
    ];
    const fast = await listen();
    const sips = setInterval(() => void steady.sip(), 150);
    const since = Date.now();
    // More than the buffers of both ends of a connection take.
    const bytes = 16_000;
    await state(1_000, { bytes });
    await settle(() => fast.told.length === 1_000);
    expect(await streamsOpen()).toBe(3);
    await settle(async () => (await streamsOpen()) === 2, 25_000);
    expect(Date.now() - since).toBeGreaterThan(9_000);
    slow.takeAll();
    await settle(() => slow.isClosed);
    expect(slow.received).toBeLessThan(1_000 * bytes);
    // Every 15 s the gateway looks who is behind.
    await settle(() => Date.now() - since > 16_000, 20_000);
    expect(steady.received).toBeLessThan(1_000 * bytes);
    clearInterval(sips);
    steady.takeAll();
    await settle(() => steady.received > 1_000 * bytes);
    await state(1);
    await settle(() => fast.told.length === 1_001);
    expect([fast.isOver(), steady.isClosed]).toEqual([false, false]);
    fast.close();
    steady.close();
  }, 90_000);
});

/** A reader of a stream who decides himself when he takes what has come. */
class SlowReader {
  received = 0;
  isClosed = false;

  private constructor(private readonly socket: Socket) {
    socket.on('close', () => (this.isClosed = true)).on('error', () => undefined);
  }

  /** Takes the beginning of the answer, and then nothing. */
  static async open(address: string): Promise<SlowReader> {
    const { port, pathname, search } = new URL(address);
    const socket = connect({ port: Number(port), host: '127.0.0.1' });
    const reader = new SlowReader(socket);
    socket.write(`GET ${pathname}${search} HTTP/1.1\r\nHost: localhost\r\n\r\n`);
    await reader.sip();
    return reader;
  }

  /** Takes what one read gives: at most 64 KiB. */
  sip(): Promise<void> {
    return new Promise((resolve) => {
      this.socket.once('data', (chunk) => {
        this.received += chunk.length;
        this.socket.pause();
        resolve();
      });
      this.socket.resume();
    });
  }

  takeAll(): void {
    this.socket.on('data', (chunk) => (this.received += chunk.length));
    this.socket.resume();
  }

  close(): void {
    this.socket.destroy();
  }
}
