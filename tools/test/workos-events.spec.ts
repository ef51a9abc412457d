import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { signature } from '../src/workos/webhooks.js';
import { aFolder, aWorkos, until, type Fixture } from './workos-fixture.js';
import { wrongEvent } from './workos-openapi.js';

const PASSWORD = 'correct horse battery';
const SECRET = 'whsec_stand_in';

/** An endpoint that keeps what it is sent, and answers with what `answer` says. */
class Endpoint {
  readonly got: { body: string; header: string }[] = [];
  answer: () => number = () => 200;
  private readonly server: Server = createServer((request, response) => {
    const parts: Buffer[] = [];
    request.on('data', (part: Buffer) => parts.push(part));
    request.on('end', () => {
      this.got.push({
        body: Buffer.concat(parts).toString(),
        header: String(request.headers['workos-signature']),
      });
      response.writeHead(this.answer()).end();
    });
  });

  async listen(): Promise<string> {
    await new Promise<void>((resolve) => this.server.listen(0, '127.0.0.1', resolve));
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}/webhooks/workos`;
  }

  get names(): string[] {
    return this.got.map(({ body }) => (JSON.parse(body) as { event: string }).event);
  }

  get ids(): string[] {
    return this.got.map(({ body }) => (JSON.parse(body) as { id: string }).id);
  }

  async close(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }
}

let workos: Fixture;
let endpoint: Endpoint;

/** Makes one of every event. */
async function everything({ sdk }: Fixture): Promise<void> {
  const um = sdk.userManagement;
  const organization = await sdk.organizations.createOrganization({
    name: 'A',
    domainData: [{ domain: 'a.example', state: 'pending' as never }],
  });
  await sdk.organizations.updateOrganization({ organization: organization.id, name: 'B' });
  const user = await um.createUser({ email: 'a@example.com', password: PASSWORD });
  await um.sendVerificationEmail({ userId: user.id });
  await um.updateUser({ userId: user.id, emailVerified: true });
  const invitation = await um.sendInvitation({ email: user.email, organizationId: organization.id });
  await um.acceptInvitation(invitation.id);
  await um.revokeInvitation((await um.sendInvitation({ email: 'b@example.com' })).id);
  await um.authenticateWithPassword({ email: user.email, password: PASSWORD });
  await um.deleteUser(user.id);
  await sdk.organizations.deleteOrganization(organization.id);
}

const STORY = [
  'organization.created',
  'organization.updated',
  'user.created',
  'email_verification.created',
  'user.updated',
  'invitation.created',
  'organization_membership.created',
  'invitation.accepted',
  'organization_membership.updated',
  'invitation.created',
  'invitation.revoked',
  'session.created',
  'session.revoked',
  'organization_membership.deleted',
  'user.deleted',
  'organization.deleted',
];

beforeEach(async () => {
  endpoint = new Endpoint();
  workos = await aWorkos({ webhook: { url: await endpoint.listen(), secret: SECRET, retryMilliseconds: 5 } });
});
afterEach(async () => {
  await workos.close();
  await endpoint.close();
  expect(workos.conformance.violations).toEqual([]);
});

describe('the Events API', () => {
  it('tells every change in order and in WorkOS’ shape', async () => {
    await everything(workos);
    const { body } = await workos.call('GET', '/events?order=asc&limit=100');
    const events = body['data'] as { event: string; id: string; data: Record<string, unknown> }[];
    expect(events.map(({ event }) => event)).toEqual(STORY);
    expect(events.map(wrongEvent)).toEqual(events.map(() => undefined));
    expect([...events].sort((a, b) => (a.id < b.id ? -1 : 1))).toEqual(events);
    expect(JSON.stringify(events)).not.toMatch(/password_hash|"token"|"code"/);
    expect(wrongEvent({ ...events[0], data: {} })).toBeDefined();
  });

  it('is read by the SDK after a cursor, filtered by kind, organization and time', async () => {
    const before = new Date(Date.now() - 1000).toISOString();
    await everything(workos);
    const { events } = workos.sdk;
    const names = ['user.created', 'user.updated', 'user.deleted'] as const;
    const first = await events.listEvents({ events: [...names], limit: 2, order: 'asc' });
    expect(first.data.map(({ event }) => event)).toEqual(['user.created', 'user.updated']);
    const rest = await events.listEvents({
      events: [...names],
      limit: 2,
      order: 'asc',
      after: first.listMetadata.after ?? '',
    });
    expect(rest.data.map(({ event }) => event)).toEqual(['user.deleted']);
    expect(rest.listMetadata.after).toBeNull();
    expect((await events.listEvents({ events: [...names] })).data.map(({ event }) => event)).toEqual(
      [...names].reverse(),
    );
    const organization =
      first.data.length > 0
        ? (await events.listEvents({ events: ['organization.created'] })).data[0]
        : undefined;
    const ofIt = await events.listEvents({
      events: ['organization.created', 'organization_membership.created', 'user.created', 'session.created'],
      organizationId: (organization?.data as { id: string }).id,
      order: 'asc',
    });
    expect(ofIt.data.map(({ event }) => event)).toEqual([
      'organization.created',
      'organization_membership.created',
      'session.created',
    ]);
    expect((await events.listEvents({ events: [...names], rangeStart: before })).data).toHaveLength(3);
    expect((await events.listEvents({ events: [...names], rangeEnd: before })).data).toEqual([]);
    const repeated = await workos.call('GET', '/events?events=user.created&events=user.deleted');
    expect(repeated.body['data']).toHaveLength(2);
    expect((await workos.call('GET', '/events?events=user.exploded')).status).toBe(422);
  });

  it('is silent about what changed nothing', async () => {
    const organization = await workos.sdk.organizations.createOrganization({ name: 'Same' });
    const again = await workos.sdk.organizations.updateOrganization({
      organization: organization.id,
      name: 'Same',
    });
    expect(again).toEqual(organization);
    expect((await workos.sdk.events.listEvents({ events: ['organization.updated'] })).data).toEqual([]);
  });
});

describe('webhooks', () => {
  it('carry every event in order, signed so that the SDK takes them', async () => {
    await everything(workos);
    await until(() => endpoint.got.length === STORY.length);
    expect(endpoint.names).toEqual(STORY);
    for (const { body, header } of endpoint.got) {
      const event = await workos.sdk.webhooks.constructEvent({
        payload: JSON.parse(body) as Record<string, unknown>,
        sigHeader: header,
        secret: SECRET,
      });
      expect(wrongEvent(JSON.parse(body))).toBeUndefined();
      expect(event.id).toBe((JSON.parse(body) as { id: string }).id);
      await expect(
        workos.sdk.webhooks.constructEvent({ payload: `${body} `, sigHeader: header, secret: SECRET }),
      ).rejects.toMatchObject({ name: 'SignatureVerificationException' });
    }
    expect(signature('{}', 'k', 1)).toMatch(/^t=1, v1=[0-9a-f]{64}$/);
    await until(() => workos.running.control.webhooks().pending === 0);
    expect(workos.running.control.webhooks()).toEqual({
      delivered: STORY.length,
      failed: 0,
      dropped: 0,
      pending: 0,
    });
  });

  it('are tried again until they are accepted, without holding up others, six times at most', async () => {
    let refusals = 2;
    endpoint.answer = () => (refusals-- > 0 ? 500 : 204);
    await workos.sdk.organizations.createOrganization({ name: 'A' });
    await until(() => workos.running.control.webhooks().delivered === 1);
    expect(endpoint.got).toHaveLength(3);
    expect(new Set(endpoint.ids).size).toBe(1);
    endpoint.answer = () => 302;
    await workos.sdk.organizations.createOrganization({ name: 'B' });
    await until(() => workos.running.control.webhooks().failed === 1);
    expect(endpoint.got).toHaveLength(9);
  });

  it('are duplicated, dropped and reordered on request', async () => {
    const { control } = workos.running;
    const make = (name: string) => workos.sdk.organizations.createOrganization({ name });
    control.spoilWebhooks({ kind: 'duplicate', times: 1 });
    await make('A');
    await make('B');
    await until(() => endpoint.got.length === 3);
    expect(endpoint.ids[0]).toBe(endpoint.ids[1]);
    expect(endpoint.ids[2]).not.toBe(endpoint.ids[1]);
    control.spoilWebhooks({ kind: 'drop', times: 1 });
    await make('C');
    await until(() => control.webhooks().dropped === 1);
    control.spoilWebhooks({ kind: 'reorder', times: 3 });
    for (const name of ['D', 'E', 'F', 'G']) await make(name);
    await until(() => endpoint.got.length === 7);
    const names = endpoint.got.map(({ body }) => (JSON.parse(body) as { data: { name: string } }).data.name);
    expect(names).toEqual(['A', 'A', 'B', 'F', 'E', 'D', 'G']);
    control.spoilWebhooks({ kind: 'reorder', times: 5 });
    await make('H');
    await make('I');
    await until(() => control.webhooks().pending === 2);
    await control.clearWebhooks();
    await until(() => endpoint.got.length === 9);
    expect(control.webhooks()).toMatchObject({ dropped: 1, pending: 0 });
  });

  it('that are still due go out after a restart', async () => {
    const folder = aFolder();
    try {
      const down = await aWorkos({
        dataDir: folder.path,
        webhook: { url: 'http://127.0.0.1:9/', secret: SECRET },
      });
      await down.sdk.organizations.createOrganization({ name: 'Late' });
      await down.close();
      const target = new Endpoint();
      const up = await aWorkos({
        dataDir: folder.path,
        webhook: { url: await target.listen(), secret: SECRET },
      });
      await until(() => target.got.length === 1);
      expect(target.names).toEqual(['organization.created']);
      await up.close();
      await target.close();
    } finally {
      folder.remove();
    }
  });
});
