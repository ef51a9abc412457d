import { afterAll, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { v7 as uuidv7 } from 'uuid';
import { Bus } from '@erato/platform/transport/bus';
import { failureOf } from '@erato/testing/client';
import { startInfra, type Infra } from '@erato/testing/infra';
import { settle } from '@erato/testing/settle';
import {
  Idempotency,
  type IdempotentRequest,
  type KeptAnswer,
  type Slot,
} from '../src/idempotency/idempotency.js';

const answer: KeptAnswer = { status: 201, headers: { Location: '/v1/resources/1' }, body: '{"data":{}}' };

describe('idempotency keys', () => {
  let infra: Infra;
  let bus: Bus;
  let one: Idempotency;
  let other: Idempotency;
  let request: IdempotentRequest;

  beforeAll(async () => {
    infra = await startInfra();
    bus = await Bus.open({ ...infra.nats('gateway'), name: 'test' });
    one = new Idempotency(bus);
    other = new Idempotency(bus);
  }, 60_000);

  beforeEach(() => {
    request = {
      key: uuidv7(),
      caller: 'key:1',
      method: 'POST',
      url: '/v1/resources',
      actAs: undefined,
      body: '{"a":1}',
    };
  });

  afterAll(async () => {
    await bus.close();
    await infra.close();
  });

  const begin = async (at: Idempotency, asked = request): Promise<Slot> => {
    const begun = await at.begin(asked);
    if (!('slot' in begun)) throw new Error('it was done already');
    return begun.slot;
  };

  it('give the kept answer again, at every gateway', async () => {
    await one.keep(await begin(one), answer, false);
    expect(await other.begin(request)).toEqual({ answer });
  });

  it('let one of many at once through', async () => {
    const begun = await Promise.allSettled(
      Array.from({ length: 12 }, (_, at) => (at % 2 ? one : other).begin(request)),
    );
    expect(begun.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    const refused = begun.filter((each): each is PromiseRejectedResult => each.status === 'rejected');
    expect(new Set(refused.map(({ reason }) => (reason as { code: string }).code))).toEqual(
      new Set(['idempotency_in_progress']),
    );
  });

  it('refuse another body, and mind caller, path, method and act-as', async () => {
    await one.keep(await begin(one), answer, false);
    expect((await failureOf(other.begin({ ...request, body: '{"a":2}' }))).code).toBe('idempotency_conflict');
    for (const different of [
      { caller: 'key:2' },
      { url: '/v1/teams' },
      { method: 'PUT' },
      { actAs: uuidv7() },
    ]) {
      expect(await begin(other, { ...request, ...different })).toBeDefined();
    }
  });

  it('never keep an answer that holds a secret', async () => {
    await one.keep(await begin(one), answer, true);
    expect((await failureOf(other.begin(request))).code).toBe('already_done');
  });

  it('are free again after an answer that keeps nothing', async () => {
    await one.release(await begin(one));
    expect(await begin(other)).toBeDefined();
  });

  it('are taken over from a gateway that died, by one alone', async () => {
    await begin(one);
    const later = Date.now() + 16_000;
    const clock = jest.spyOn(Date, 'now').mockImplementation(() => later);
    const taken = await Promise.allSettled([one.begin(request), other.begin(request)]);
    clock.mockRestore();
    expect(taken.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
  });

  it.each(['', 'ü', 'x'.repeat(256), 'a\tb'])('refuse the key "%s"', async (key) => {
    expect((await failureOf(one.begin({ ...request, key }))).code).toBe('header_invalid');
  });

  it('are there again after NATS restarted', async () => {
    await one.keep(await begin(one), answer, false);
    await infra.restartNats();
    await settle(async () => 'answer' in (await other.begin(request)));
  }, 30_000);
});
