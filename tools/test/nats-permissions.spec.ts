import { AckPolicy, DeliverPolicy, jetstream, jetstreamManager } from '@nats-io/jetstream';
import { Kvm } from '@nats-io/kv';
import { connect, type NatsConnection } from '@nats-io/transport-node';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { everyTable } from '@erato/contracts/catalogue';
import { services, type ServiceName } from '@erato/contracts/services';
import { answerInbox } from '@erato/platform/transport/bus';
import { startInfra, type Infra } from '@erato/testing/infra';
import { inboxPrefix } from '@erato/tools/nats/permissions';

let infra: Infra;
const open: NatsConnection[] = [];
beforeAll(async () => {
  infra = await startInfra();
}, 60_000);
afterEach(() => Promise.all(open.splice(0).map((connection) => connection.close())));
afterAll(() => infra.close());

async function as(name: ServiceName | 'admin'): Promise<NatsConnection> {
  const { url, user, password } = infra.nats(name);
  const connection = await connect({
    servers: url,
    user,
    pass: password,
    inboxPrefix: inboxPrefix(name),
    reconnect: false,
    noAsyncTraces: true,
  });
  open.push(connection);
  return connection;
}

/** What the server refuses, in its own words, while `act` runs: everything has been answered when this resolves. */
async function refusals(connection: NatsConnection, act: () => void): Promise<string[]> {
  const heard: string[] = [];
  const listening = (async () => {
    for await (const status of connection.status())
      if (status.type === 'error') heard.push(status.error.message);
  })();
  act();
  await connection.flush();
  await connection.close();
  await listening;
  return heard;
}

/** What `other` answers to `one`, at the place where it may. */
async function answer(one: ServiceName, other: ServiceName, subject: string): Promise<string> {
  const reply = `${answerInbox(inboxPrefix(one), other)}.once`;
  const message = await (await as(one)).request(subject, '', { timeout: 2_000, noMux: true, reply });
  return message.string();
}

const names = Object.keys(services) as ServiceName[];
const pairs = names.flatMap((one) =>
  names.filter((other) => other !== one).map((other) => [one, other] as const),
);
const everyCall = everyTable.flatMap((table) => Object.values(table));
/** Calls of a service that another may make, and those that it may not. */
const between = (one: ServiceName, other: ServiceName): { may: string[]; mayNot: string[] } => {
  const theirs = everyCall.filter(({ service }) => service === other);
  const subjects = (may: boolean): string[] =>
    theirs.filter(({ callers }) => callers.includes(one) === may).map(({ subject }) => subject);
  return { may: subjects(true), mayNot: subjects(false) };
};

describe('a NATS user', () => {
  it.each(pairs)('%s cannot speak in the name of %s', async (one, other) => {
    const connection = await as(one);
    const subjects = [`event.${other}.thing.made`, `dead.${other}.thing.made`, `wake.${other}.outbox`];
    const refused = await refusals(connection, () =>
      subjects.forEach((subject) => connection.publish(subject)),
    );
    for (const subject of subjects) expect(refused.join('\n')).toContain(subject);
  });

  it.each(pairs)('%s cannot listen to the calls and answers of %s', async (one, other) => {
    const connection = await as(one);
    const subjects = [
      `call.${other}.>`,
      `${inboxPrefix(other)}.>`,
      `dead.${other}.>`,
      '>',
      '_INBOX.>',
      '$JS.>',
    ];
    const refused = await refusals(connection, () =>
      subjects.forEach((subject) => connection.subscribe(subject)),
    );
    for (const subject of subjects) expect(refused.join('\n')).toContain(`"${subject}"`);
  });

  it.each(pairs)('%s reaches of %s just the calls whose contracts name it', async (one, other) => {
    const { may, mayNot } = between(one, other);
    const unknown = [`call.${other}.thing.get`, `call.${other}`];
    const refused = await refusals(await as(one), () => {
      const connection = open.at(-1);
      for (const subject of [...may, ...mayNot, ...unknown]) connection?.publish(subject);
    });
    const isRefused = (subject: string): boolean => refused.some((text) => text.includes(`"${subject}"`));
    expect(may.filter(isRefused)).toEqual([]);
    expect([...mayNot, ...unknown].filter((subject) => !isRefused(subject))).toEqual([]);
  });

  const calling = pairs.flatMap(([one, other]) =>
    between(one, other)
      .may.slice(0, 1)
      .map((subject) => [one, other, subject] as const),
  );
  it.each(calling)('%s calls %s and gets its answer', async (one, other, subject) => {
    const server = await as(other);
    server.subscribe(subject, { queue: other, callback: (_, message) => void message.respond('made') });
    await server.flush();
    expect(await answer(one, other, subject)).toBe('made');
  });

  it.each(pairs)('%s answers to none of its callers in the place of %s', async (one, other) => {
    const connection = await as(one);
    const subjects = names.map((caller) => `${answerInbox(inboxPrefix(caller), other)}.made.up`);
    const refused = await refusals(connection, () =>
      subjects.forEach((subject) => connection.publish(subject)),
    );
    for (const subject of subjects) expect(refused.join('\n')).toContain(`"${subject}"`);
  });

  it.each(names.filter((name) => name !== 'gateway'))(
    '%s writes its events and reads no stream but by its consumers',
    async (name) => {
      const connection = await as(name);
      const ack = await jetstream(connection).publish(`event.${name}.thing.made`, '{}');
      expect(ack).toMatchObject({ stream: 'EVENTS' });
      const manager = await jetstreamManager(connection, { timeout: 500, checkAPI: false });
      await expect(manager.streams.getMessage('EVENTS', { seq: ack.seq })).rejects.toThrow();
      await expect(manager.streams.delete('EVENTS')).rejects.toThrow();
      await expect(manager.streams.purge('EVENTS')).rejects.toThrow();
    },
  );

  const consuming = names.flatMap((name) => services[name].consumes.map((source) => [name, source] as const));
  it.each(consuming)('%s consumes the events of %s and no others', async (name, source) => {
    const writer = await as(source);
    await jetstream(writer).publish(`event.${source}.thing.told`, JSON.stringify({ to: name }));
    const connection = await as(name);
    const manager = await jetstreamManager(connection, { timeout: 2_000, checkAPI: false });
    const durable = `${name}-${source}`;
    const settings = {
      durable_name: durable,
      ack_policy: AckPolicy.Explicit,
      deliver_policy: DeliverPolicy.All,
    };
    await manager.consumers.add('EVENTS', { ...settings, filter_subject: `event.${source}.>` });
    const consumer = await jetstream(connection).consumers.get('EVENTS', durable);
    const message = await consumer.next({ expires: 2_000 });
    expect(message?.subject).toMatch(new RegExp(`^event\\.${source}\\.`));
    expect(await message?.ackAck()).toBe(true);

    const impatient = await jetstreamManager(connection, { timeout: 500, checkAPI: false });
    await expect(
      impatient.consumers.add('EVENTS', { ...settings, filter_subject: 'event.>' }),
    ).rejects.toThrow();
    await expect(
      impatient.consumers.add('EVENTS', {
        ...settings,
        durable_name: 'spy',
        filter_subject: `event.${source}.>`,
      }),
    ).rejects.toThrow();
    await expect(impatient.consumers.info('EVENTS', `other-${source}`)).rejects.toThrow();
  });

  it('the gateways share idempotency records, with compare-and-set, and no one else reads them', async () => {
    const bucket = await new Kvm(await as('gateway')).open('idempotency');
    const revision = await bucket.create('key', 'running');
    await expect(bucket.create('key', 'again')).rejects.toThrow();
    await bucket.update('key', 'done', revision);
    expect((await bucket.get('key'))?.string()).toBe('done');
    await bucket.delete('key');
    expect((await bucket.get('key'))?.operation).toBe('DEL');

    const manager = await jetstreamManager(await as('content'), { timeout: 500, checkAPI: false });
    await expect(
      manager.streams.getMessage('KV_idempotency', { last_by_subj: '$KV.idempotency.key' }),
    ).rejects.toThrow();
  });

  it('the gateway asks every service whether it is there', async () => {
    const server = await as('authz');
    server.subscribe('$SRV.PING.authz', { callback: (_, message) => void message.respond('{}') });
    await server.flush();
    expect(await answer('gateway', 'authz', '$SRV.PING.authz')).toBe('{}');
  });

  it('a wrong password opens nothing', async () => {
    const { url, user } = infra.nats('content');
    await expect(connect({ servers: url, user, pass: 'wrong', reconnect: false })).rejects.toThrow(
      /authoriz/i,
    );
    await expect(connect({ servers: url, reconnect: false })).rejects.toThrow(/authoriz/i);
  });
});
