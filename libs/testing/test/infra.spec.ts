import { jetstream } from '@nats-io/jetstream';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { connectAsAdmin } from '@erato/tools/nats/streams';
import { withClient } from '@erato/tools/postgres/connect';
import { startInfra, type Infra } from '@erato/testing/infra';

let infra: Infra;
beforeAll(async () => {
  infra = await startInfra({ ownPostgres: true });
}, 60_000);
afterAll(() => infra.close());

describe('the servers that tests run on', () => {
  it('give each asker an empty database of its own', async () => {
    const [one, two] = [await infra.database('identity'), await infra.database('identity')];
    expect(one).not.toBe(two);
    await withClient(one, (client) => client.query('create table only_here (id int)'));
    const seen = await withClient(two, (client) =>
      client.query<{ found: string | null }>("select to_regclass('only_here')::text as found"),
    );
    expect(seen.rows[0]?.found).toBeNull();
  });

  it.each(['restartPostgres', 'crashPostgres'] as const)('keep what was committed over %s', async (how) => {
    const url = await infra.database('content');
    await withClient(url, (client) => client.query('create table kept as select 7 as value'));
    await infra[how]();
    const { rows } = await withClient(url, (client) =>
      client.query<{ value: number }>('select value from kept'),
    );
    expect(rows).toEqual([{ value: 7 }]);
  });

  it.each(['restartNats', 'crashNats'] as const)('keep what the stream acknowledged over %s', async (how) => {
    const login = infra.nats('admin');
    const before = await connectAsAdmin(login);
    const { seq } = await jetstream(before).publish('event.identity.user.changed', '{}');
    await before.close();
    await infra[how]();
    const after = await connectAsAdmin(login);
    const { streams } = await jetstream(after).jetstreamManager();
    await expect(streams.getMessage('EVENTS', { seq })).resolves.toMatchObject({ seq });
    await after.close();
  });
});
