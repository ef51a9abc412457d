import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { guest, type Caller } from '@erato/contracts/kit/context';
import { me } from '@erato/contracts/identity/me';
import { teamMembers } from '@erato/contracts/identity/team-member';
import { teams } from '@erato/contracts/identity/team';
import type { User } from '@erato/contracts/identity/user';
import { aUser } from '@erato/testing/client';
import { IdentityUnderTest } from './an-identity.js';

let identity: IdentityUnderTest;
let ana: User;

beforeAll(async () => {
  identity = await IdentityUnderTest.start();
  ana = await identity.aUser({ handle: 'ana' });
}, 60_000);
afterAll(() => identity.close());

const ask = (caller: Caller) => identity.gateway.as(caller).call(me.get, {});

describe('who one is', () => {
  it('as a user, flat, with what one belongs to', async () => {
    const organization = await identity.anOrganization(ana);
    const team = await identity.as(ana).call(teams.create, { organizationId: organization.id, name: 'A&R' });
    await identity.as(ana).call(teamMembers.add, { id: team.id, userId: ana.id });
    const own = { id: crypto.randomUUID(), slug: 'own', name: 'Own' };
    const theirs = { id: crypto.randomUUID(), slug: 'theirs', name: 'Theirs' };
    const foreign = { id: crypto.randomUUID(), slug: 'foreign', name: 'Foreign' };
    identity.neighbours.workspaces.set(own.id, { owner: { type: 'user', id: ana.id }, name: own });
    identity.neighbours.workspaces.set(theirs.id, {
      owner: { type: 'organization', id: organization.id },
      name: theirs,
    });
    identity.neighbours.workspaces.set(foreign.id, { owner: { type: 'user', id: 'user_x' }, name: foreign });
    const answer = await ask(aUser(ana.id));
    expect(answer).toMatchObject({
      subjectType: 'user',
      id: ana.id,
      email: ana.email,
      handle: 'ana',
      organizationId: ana.organizationId,
      teams: [{ id: team.id, organizationId: organization.id, name: 'A&R' }],
      workspaces: [own, theirs],
      features: [],
    });
    expect(answer.organizations?.map(({ id, role, home }) => [id, role, home])).toEqual([
      [organization.id, 'admin', false],
      [ana.organizationId, 'member', true],
    ]);
    const inOrganization = await ask({ ...aUser(ana.id), organizationId: organization.id });
    expect(inOrganization.organizationId).toBe(organization.id);
  });

  it('as an organization or a workspace', async () => {
    const organization = await identity.anOrganization(ana);
    const asOrganization = await ask({ subjectType: 'organization', subjectId: organization.id, scopes: [] });
    expect(asOrganization).toMatchObject({
      subjectType: 'organization',
      id: organization.id,
      name: organization.name,
    });
    const name = { id: crypto.randomUUID(), slug: 'space', name: 'Space' };
    identity.neighbours.workspaces.set(name.id, {
      owner: { type: 'organization', id: organization.id },
      name,
    });
    const asWorkspace = await ask({ subjectType: 'workspace', subjectId: name.id, scopes: [] });
    expect(asWorkspace).toEqual({
      subjectType: 'workspace',
      id: name.id,
      name: 'Space',
      slug: 'space',
      organizationId: organization.id,
    });
  });

  it('is nothing when the subject is gone, and nobody without a credential', async () => {
    for (const subjectType of ['user', 'organization', 'workspace', 'harbor'] as const) {
      const caller = { subjectType, subjectId: crypto.randomUUID(), scopes: [] };
      expect((await identity.gateway.as(caller).failure(me.get, {})).code).toBe('not_found');
    }
    expect((await identity.gateway.as(guest).failure(me.get, {})).kind).toBe('unauthenticated');
  });

  it('is not told with a part missing', async () => {
    identity.neighbours.away = true;
    const refused = await identity.as(ana).failure(me.get, {}, { deadline: Date.now() + 500 });
    identity.neighbours.away = false;
    expect(['unavailable', 'timeout']).toContain(refused.kind);
  });
});
