import { spawn, type ChildProcess } from 'node:child_process';
import { appendFileSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { decodeJwt } from 'jose';
import { startWorkos } from '../src/workos/server.js';
import { aFolder, API_KEY, aWorkos, CLIENT_ID, sdkFor } from './workos-fixture.js';

const PASSWORD = 'correct horse battery';
let folder: ReturnType<typeof aFolder>;
beforeEach(() => {
  folder = aFolder();
});
afterEach(() => folder.remove());

const journal = (): string => join(folder.path, 'journal.jsonl');

describe('a restart', () => {
  it('resumes with everything: rows, order, key, sessions, codes of creates', async () => {
    const first = await aWorkos({ dataDir: folder.path });
    const um = first.sdk.userManagement;
    const organization = await first.sdk.organizations.createOrganization(
      { name: 'Kept' },
      { idempotencyKey: 'k' },
    );
    const user = await um.createUser({ email: 'kept@example.com', password: PASSWORD, emailVerified: true });
    const membership = await um.createOrganizationMembership({
      userId: user.id,
      organizationId: organization.id,
    });
    const invitation = await um.sendInvitation({
      email: 'guest@example.com',
      organizationId: organization.id,
    });
    const { accessToken, refreshToken } = await um.authenticateWithPassword({
      email: user.email,
      password: PASSWORD,
    });
    const revoked = await um.authenticateWithPassword({ email: user.email, password: PASSWORD });
    await um.revokeSession({ sessionId: String(decodeJwt(revoked.accessToken)['sid']) });
    const events = (await first.call('GET', '/events?limit=100&order=asc')).body;
    const keys = (await first.call('GET', `/sso/jwks/${CLIENT_ID}`)).body;
    await first.close();

    const second = await aWorkos({ dataDir: folder.path });
    const again = second.sdk.userManagement;
    expect(await second.sdk.organizations.getOrganization(organization.id)).toEqual(organization);
    expect(
      await second.sdk.organizations.createOrganization({ name: 'Kept' }, { idempotencyKey: 'k' }),
    ).toEqual(organization);
    expect((await again.getUser(user.id)).email).toBe(user.email);
    expect(await again.getOrganizationMembership(membership.id)).toEqual(membership);
    expect((await again.findInvitationByToken(invitation.token)).id).toBe(invitation.id);
    expect((await second.call('GET', '/events?limit=100&order=asc')).body).toEqual(events);
    expect((await second.call('GET', `/sso/jwks/${CLIENT_ID}`)).body).toEqual(keys);
    const refreshed = await again.authenticateWithRefreshToken({ refreshToken });
    expect(decodeJwt(refreshed.accessToken)['sid']).toBe(decodeJwt(accessToken)['sid']);
    await expect(
      again.authenticateWithRefreshToken({ refreshToken: revoked.refreshToken }),
    ).rejects.toMatchObject({ error: 'invalid_grant' });
    const newer = await second.sdk.organizations.createOrganization({ name: 'Newer' });
    expect(newer.id > organization.id).toBe(true);
    await second.close();
  });

  it('keeps no password and no token in clear, in a file for its owner alone', async () => {
    const workos = await aWorkos({ dataDir: folder.path });
    const user = await workos.sdk.userManagement.createUser({
      email: 'a@example.com',
      password: PASSWORD,
      emailVerified: true,
    });
    const { refreshToken } = await workos.sdk.userManagement.authenticateWithPassword({
      email: user.email,
      password: PASSWORD,
    });
    await workos.close();
    const text = readFileSync(journal(), 'utf8');
    expect(text).toContain(user.id);
    expect(text).not.toContain(PASSWORD);
    expect(text).not.toContain(refreshToken);
    expect(statSync(journal()).mode & 0o777).toBe(0o600);
  });

  it('cuts off a torn last line, and refuses a damaged one before it', async () => {
    const first = await aWorkos({ dataDir: folder.path });
    const { id } = await first.sdk.organizations.createOrganization({ name: 'Whole' });
    await first.close();
    appendFileSync(journal(), '[["organizations","org_torn",{"id":"org_to');
    const second = await aWorkos({ dataDir: folder.path });
    expect((await second.sdk.organizations.listOrganizations()).data.map((row) => row.id)).toEqual([id]);
    await second.sdk.organizations.createOrganization({ name: 'After' });
    await second.close();
    const third = await aWorkos({ dataDir: folder.path });
    expect((await third.sdk.organizations.listOrganizations()).data).toHaveLength(2);
    await third.close();
    writeFileSync(journal(), `nonsense\n${readFileSync(journal(), 'utf8')}`);
    await expect(startWorkos({ apiKey: API_KEY, clientId: CLIENT_ID, dataDir: folder.path })).rejects.toThrow(
      'line 1 is damaged',
    );
  });

  it('shortens a journal whose rows were changed many times, and loses nothing', async () => {
    const first = await aWorkos({ dataDir: folder.path });
    const { id } = await first.sdk.organizations.createOrganization({ name: 'Busy' });
    const row =
      readFileSync(journal(), 'utf8')
        .split('\n')
        .find((line) => line.includes(id)) ?? '';
    await first.close();
    appendFileSync(journal(), `${row}\n`.repeat(1200));
    const before = statSync(journal()).size;
    const second = await aWorkos({ dataDir: folder.path });
    expect(statSync(journal()).size).toBeLessThan(before / 10);
    await second.sdk.organizations.createOrganization({ name: 'Next' });
    await second.close();
    const third = await aWorkos({ dataDir: folder.path });
    expect(
      (await third.sdk.organizations.listOrganizations({ order: 'asc' })).data.map(({ name }) => name),
    ).toEqual(['Busy', 'Next']);
    await third.close();
  });
});

it('does not start in production', async () => {
  process.env['NODE_ENV'] = 'production';
  try {
    await expect(startWorkos({ apiKey: API_KEY, clientId: CLIENT_ID })).rejects.toThrow(
      'NODE_ENV=production',
    );
  } finally {
    process.env['NODE_ENV'] = 'test';
  }
});

it('leaves the journal alone when its port is taken', async () => {
  const first = await aWorkos({ dataDir: folder.path });
  await first.sdk.organizations.createOrganization({ name: 'Undisturbed' });
  appendFileSync(journal(), '[["torn');
  const before = readFileSync(journal(), 'utf8');
  const second = { apiKey: API_KEY, clientId: CLIENT_ID, port: first.running.port, dataDir: folder.path };
  await expect(startWorkos(second)).rejects.toMatchObject({ code: 'EADDRINUSE' });
  expect(readFileSync(journal(), 'utf8')).toBe(before);
  await first.close();
});

describe('as a process', () => {
  const main = join(import.meta.dirname, '../src/workos/main.ts');
  const run = (more: Record<string, string> = {}): ChildProcess =>
    spawn(
      process.execPath,
      ['--conditions=development', '--import', '@swc-node/register/esm-register', main],
      {
        env: {
          PATH: process.env['PATH'],
          WORKOS_API_KEY: API_KEY,
          WORKOS_CLIENT_ID: CLIENT_ID,
          WORKOS_STANDIN_PORT: '0',
          WORKOS_STANDIN_DATA_DIR: folder.path,
          ...more,
        },
        stdio: ['ignore', 'pipe', 'pipe'],
      },
    );
  const line = (child: ChildProcess, from: 'stdout' | 'stderr' = 'stdout'): Promise<string> =>
    new Promise((resolve) => child[from]?.once('data', (data: Buffer) => resolve(data.toString())));
  const end = (child: ChildProcess): Promise<number | null> =>
    new Promise((resolve) => child.once('exit', resolve));
  const portOf = (said: string): number => Number(/:(\d+) /.exec(said)?.[1]);

  it('loses nothing acknowledged to a kill -9 in the midst of writes, and stops on SIGTERM', async () => {
    const first = run();
    const killed = end(first);
    const sdk = sdkFor(portOf(await line(first)));
    const acknowledged: string[] = [];
    const writers = Array.from({ length: 8 }, async (_, writer) => {
      for (let i = 0; ; i++) {
        const made = await sdk.organizations
          .createOrganization({ name: `w${writer}-${i}` })
          .catch(() => undefined);
        if (made === undefined) return;
        acknowledged.push(made.id);
        if (acknowledged.length === 60) first.kill('SIGKILL');
      }
    });
    await Promise.all(writers);
    await killed;
    const second = run();
    const stopped = end(second);
    const again = sdkFor(portOf(await line(second)));
    for (const id of acknowledged) expect((await again.organizations.getOrganization(id)).id).toBe(id);
    const created = await again.events.listEvents({ events: ['organization.created'], limit: 100 });
    expect(created.data.map(({ data }) => (data as { id: string }).id)).toEqual(
      expect.arrayContaining(acknowledged),
    );
    second.kill('SIGTERM');
    expect(await stopped).toBe(0);
  }, 30_000);

  it('says what is missing or forbidden, and ends', async () => {
    for (const [more, said] of [
      [{ WORKOS_API_KEY: '' }, 'WORKOS_API_KEY is not set'],
      [{ NODE_ENV: 'production' }, 'NODE_ENV=production'],
      [{ WORKOS_STANDIN_PORT: 'x' }, 'WORKOS_STANDIN_PORT'],
    ] as const) {
      const child = run(more);
      const ended = end(child);
      expect(await line(child, 'stderr')).toContain(said);
      expect(await ended).toBe(1);
    }
  }, 30_000);
});
