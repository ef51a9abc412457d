import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { members } from '@erato/contracts/identity/member';
import type { Organization } from '@erato/contracts/identity/organization';
import { principals } from '@erato/contracts/identity/principal';
import { teamMembers } from '@erato/contracts/identity/team-member';
import { teams } from '@erato/contracts/identity/team';
import type { User } from '@erato/contracts/identity/user';
import { IdentityUnderTest } from './an-identity.js';

let identity: IdentityUnderTest;
let admin: User;
let member: User;
let stranger: User;
let organization: Organization;

beforeAll(async () => {
  identity = await IdentityUnderTest.start();
  admin = await identity.aUser();
  stranger = await identity.aUser();
}, 60_000);
afterAll(() => identity.close());
beforeEach(async () => {
  organization = await identity.anOrganization(admin);
  member = await identity.aMember(organization, admin);
});

const aTeam = (name = 'A&R', more: { ownerType?: 'user'; ownerId?: string } = {}) =>
  identity.as(admin).call(teams.create, { organizationId: organization.id, name, ...more });

describe('teams', () => {
  it('are made, read, changed and deleted', async () => {
    const team = await aTeam();
    expect(team).toMatchObject({
      ownerType: 'organization',
      ownerId: organization.id,
      description: null,
      version: 1,
    });
    expect(await identity.as(member).call(teams.get, { id: team.id })).toEqual(team);
    const changed = await identity
      .as(admin)
      .call(teams.update, { id: team.id, name: 'Artists', description: 'x' });
    expect(changed).toMatchObject({ name: 'Artists', description: 'x', version: 2 });
    const cleared = await identity.as(admin).call(teams.update, { id: team.id, description: null });
    expect(cleared).toMatchObject({ description: null, version: 3 });
    expect((await identity.as(admin).call(teams.update, { id: team.id, name: 'Artists' })).version).toBe(3);
    const stale = await identity.as(admin).failure(teams.delete, { id: team.id }, { ifMatch: [1] });
    expect(stale.code).toBe('precondition_failed');
    await identity.as(admin).call(teams.delete, { id: team.id }, { ifMatch: [3] });
    expect((await identity.as(admin).failure(teams.get, { id: team.id })).code).toBe('not_found');
    for (const name of ['created', 'updated', 'deleted'])
      await identity.heard(`identity.team.${name}`, team.id);
  });

  it('have names that are unique in the organization, without case', async () => {
    await aTeam('Press');
    expect(
      (await identity.as(admin).failure(teams.create, { organizationId: organization.id, name: 'PRESS' }))
        .code,
    ).toBe('team_name_taken');
    const other = await aTeam('Radio');
    expect((await identity.as(admin).failure(teams.update, { id: other.id, name: 'press' })).code).toBe(
      'team_name_taken',
    );
    const elsewhere = await identity.anOrganization(admin);
    await identity.as(admin).call(teams.create, { organizationId: elsewhere.id, name: 'Press' });
  });

  it('are managed by admins or the owner', async () => {
    const team = await aTeam();
    const owned = await aTeam('Owned', { ownerType: 'user', ownerId: member.id });
    const other = await identity.aMember(organization, admin);
    for (const refused of [
      await identity.as(member).failure(teams.create, { organizationId: organization.id, name: 'x' }),
      await identity.as(member).failure(teams.update, { id: team.id, name: 'x' }),
      await identity.as(member).failure(teams.delete, { id: team.id }),
      await identity.as(member).failure(teamMembers.add, { id: team.id, userId: other.id }),
      await identity.as(other).failure(teams.update, { id: owned.id, name: 'x' }),
    ]) {
      expect(refused.code).toBe('permission_denied');
    }
    await identity.as(member).call(teams.update, { id: owned.id, name: 'Mine' });
    await identity.as(member).call(teamMembers.add, { id: owned.id, userId: other.id });
    for (const refused of [
      await identity.as(stranger).failure(teams.get, { id: team.id }),
      await identity.as(stranger).failure(teams.update, { id: team.id, name: 'x' }),
      await identity.as(stranger).failure(teamMembers.list, { id: team.id }),
      await identity.as(stranger).failure(teams.list, { organizationId: organization.id }),
      await identity.as(admin).failure(teams.get, { id: 'not-a-uuid' }),
    ]) {
      expect(refused.code).toBe('not_found');
    }
    const foreign = {
      organizationId: organization.id,
      name: 'y',
      ownerType: 'user' as const,
      ownerId: stranger.id,
    };
    expect((await identity.as(admin).failure(teams.create, foreign)).code).toBe('not_in_organization');
  });

  it('are listed by organization and by name', async () => {
    for (const name of ['C', 'A', 'B']) await aTeam(name);
    const list = { organizationId: organization.id, sort: 'name', limit: 2, count: 'exact' } as const;
    const first = await identity.as(member).call(teams.list, list);
    expect(first.data.map(({ name }) => name)).toEqual(['A', 'B']);
    expect(first.meta.total).toBe(3);
    const second = await identity.as(member).call(teams.list, { ...list, after: first.meta.after ?? '' });
    expect(second.data.map(({ name }) => name)).toEqual(['C']);
    const mine = await identity.as(member).call(teams.list, {});
    expect(mine.data.map(({ name }) => name)).toEqual(['B', 'A', 'C']);
    expect((await identity.as(stranger).call(teams.list, {})).data).toEqual([]);
    expect(
      (await identity.administrator.call(teams.list, { limit: 100 })).data.length,
    ).toBeGreaterThanOrEqual(3);
  });
});

describe('members of teams', () => {
  it('join, are listed and leave', async () => {
    const team = await aTeam();
    const added = await identity.as(admin).call(teamMembers.add, { id: team.id, userId: member.id });
    expect(added).toMatchObject({ teamId: team.id, userId: member.id });
    expect((await identity.as(admin).failure(teamMembers.add, { id: team.id, userId: member.id })).code).toBe(
      'already_in_team',
    );
    expect(await identity.as(member).call(teamMembers.get, { id: team.id, userId: member.id })).toEqual(
      added,
    );
    const listed = await identity.as(member).call(teamMembers.list, { id: team.id, count: 'exact' });
    expect(listed).toMatchObject({ data: [{ userId: member.id }], meta: { total: 1 } });
    const [fetched] = await identity.services.call(principals.fetch, { userIds: [member.id, 'user_none'] });
    expect(fetched?.teamIds).toEqual([team.id]);
    await identity.as(member).call(teamMembers.remove, { id: team.id, userId: member.id });
    expect(
      (await identity.as(admin).failure(teamMembers.remove, { id: team.id, userId: member.id })).code,
    ).toBe('not_found');
    const [joined] = await identity.heard('identity.team-member.added', member.id);
    expect(joined?.data).toEqual({ teamId: team.id, organizationId: organization.id, userId: member.id });
    await identity.heard('identity.team-member.removed', member.id);
  });

  it('are members of the organization', async () => {
    const team = await aTeam();
    const refused = await identity.as(admin).failure(teamMembers.add, { id: team.id, userId: stranger.id });
    expect(refused).toMatchObject({ kind: 'conflict', code: 'not_in_organization' });
    const nobody = await identity.as(admin).failure(teamMembers.add, { id: team.id, userId: 'user_none' });
    expect(nobody.code).toBe('not_in_organization');
  });

  it('do not slip in while they leave the organization', async () => {
    for (let round = 0; round < 5; round++) {
      const user = await identity.aMember(organization, admin);
      const team = await aTeam(`Race ${round}`);
      await Promise.allSettled([
        identity.as(admin).call(teamMembers.add, { id: team.id, userId: user.id }),
        identity.as(admin).call(members.remove, { id: organization.id, userId: user.id }),
      ]);
      expect((await identity.as(admin).call(teamMembers.list, { id: team.id })).data).toEqual([]);
    }
  });

  it('are found as subjects, with their organization', async () => {
    const team = await aTeam();
    const found = await identity.services.call(principals.find, {
      subjects: [
        { type: 'team', id: team.id },
        { type: 'user', id: member.id },
        { type: 'team', id: 'no-uuid' },
        { type: 'user', id: 'user_none' },
      ],
    });
    expect(found).toEqual([
      { type: 'user', id: member.id, organizationId: '', home: false },
      { type: 'team', id: team.id, organizationId: organization.id, home: false },
    ]);
  });
});
