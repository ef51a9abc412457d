import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { checks } from '@erato/contracts/authz/check';
import { decisions } from '@erato/contracts/authz/decision';
import { contentObjects } from '@erato/contracts/authz/describe';
import { permissions } from '@erato/contracts/authz/permission';
import { principals } from '@erato/contracts/identity/principal';
import { unavailable } from '@erato/contracts/kit/failure';
import { anAdministrator } from '@erato/testing/client';
import { aDescription, World } from './world.js';

let world: World;
beforeAll(async () => {
  world = await World.start();
}, 60_000);
afterAll(() => world.close());

describe('a check', () => {
  it('answers about oneself; unknown and unreadable objects are 404 alone and no in a list', async () => {
    const owner = world.user('owner');
    const mine = world.workspace('mine', { user: owner.subjectId });
    const open = world.workspace('open', { user: 'user_other' }, { everyone: ['read'] });
    const closed = world.workspace('closed', { user: 'user_other' });
    const nowhere = { type: 'workspace', id: 'nowhere' };
    const martian = { type: 'martian', id: 'x' };
    const caller = world.gateway.as(owner);
    const may = async (action: string, object: { type: string; id: string }) =>
      (await caller.call(checks.check, { action, object })).allowed;
    expect([await may('admin', mine), await may('read', open), await may('write', open)]).toEqual([
      true,
      true,
      false,
    ]);
    for (const object of [closed, nowhere, martian]) {
      expect((await caller.failure(checks.check, { action: 'read', object })).code).toBe('not_found');
    }
    const list = [mine, open, closed, nowhere, martian].map((object) => ({ action: 'read', object }));
    const { results } = await caller.call(checks.check, { checks: list });
    expect(results?.map(({ allowed }) => allowed)).toEqual([true, true, false, false, false]);
    const guest = await world.gateway.as().call(checks.check, { checks: list });
    expect(guest.results?.map(({ allowed }) => allowed)).toEqual([false, true, false, false, false]);
  });

  it('says what is wrong with a question', async () => {
    const caller = world.gateway.as(world.user('owner'));
    const object = world.workspace('wrong', { user: 'user_owner' });
    const failure = async (input: Parameters<typeof caller.failure<object, unknown>>[1]) =>
      caller.failure(checks.check, input);
    expect(await failure({ action: 'read' })).toMatchObject({
      errors: [{ path: 'object', code: 'required' }],
    });
    expect(await failure({ checks: [{ action: 'read', object }], action: 'read' })).toMatchObject({
      errors: [{ path: 'checks' }],
    });
    expect(
      await failure({
        checks: [
          { action: 'read', object },
          { action: 'fly', object },
        ],
      }),
    ).toMatchObject({
      code: 'unknown_action',
      errors: [{ path: 'checks.1.action' }],
    });
  });

  it('holds a key to its scopes and ceiling', async () => {
    const owner = world.user('owner');
    const object = world.workspace('keyed', { user: owner.subjectId });
    const ask = async (key: Partial<typeof owner>, action: string) => {
      const caller = world.gateway.as({ ...owner, ...key });
      return (await caller.call(checks.check, { action, object })).allowed;
    };
    const scopes = ['permissions:read', 'workspaces:read'];
    expect([await ask({ scopes }, 'read'), await ask({ scopes }, 'update')]).toEqual([true, false]);
    const ceiling = { workspace: { actions: ['read', 'update'], ids: [object.id] } };
    expect([await ask({ ceiling }, 'update'), await ask({ ceiling }, 'delete')]).toEqual([true, false]);
    const key = { subjectType: 'workspace' as const, subjectId: object.id };
    expect(await ask(key, 'admin')).toBe(true);
  });

  it('about another subject needs admin on the object', async () => {
    const owner = world.user('owner');
    const object = world.workspace('shared', { user: owner.subjectId });
    world.organization('org_check');
    const team = world.team('team_check', 'org_check');
    const member = world.user('member', { teamIds: [team] });
    await world.permit({
      subjectType: 'team',
      subjectId: team,
      objectType: 'workspace',
      objectId: 'shared',
      action: 'read',
      value: 'allow',
    });
    await world.permit({
      subjectType: 'organization',
      subjectId: 'org_check',
      objectType: 'workspace',
      objectId: 'shared',
      action: 'publish',
      value: 'allow',
    });
    const asOwner = world.gateway.as(owner);
    const about = (type: 'user' | 'team' | 'organization', id: string, action: string) => ({
      subject: { type, id },
      action,
      object,
    });
    const allowed = async (question: ReturnType<typeof about>) =>
      (await asOwner.call(checks.check, question)).allowed;
    expect(await allowed(about('user', member.subjectId, 'read'))).toBe(true);
    expect(await allowed(about('user', member.subjectId, 'update'))).toBe(false);
    // A team is read at team, organization and static.
    expect(await allowed(about('team', team, 'read'))).toBe(true);
    expect(await allowed(about('team', team, 'publish'))).toBe(true);
    expect(await allowed(about('team', team, 'update'))).toBe(false);
    const asMember = world.gateway.as(member);
    expect((await asMember.failure(checks.check, about('user', 'user_owner', 'read'))).code).toBe(
      'permission_denied',
    );
    expect((await asMember.call(checks.check, about('user', member.subjectId, 'read'))).allowed).toBe(true);
    const stranger = world.gateway.as(world.user('stranger'));
    expect((await stranger.failure(checks.check, about('user', 'user_nobody', 'read'))).code).toBe(
      'not_found',
    );
    expect(
      await asOwner.failure(checks.check, { checks: [about('user', 'user_nobody', 'read')] }),
    ).toMatchObject({
      code: 'unknown_subject',
      errors: [{ path: 'checks.0.subject.id' }],
    });
  });

  it('reads a draft as who may update it', async () => {
    const owner = world.user('owner');
    const reader = world.user('reader');
    world.workspace('press', { user: owner.subjectId }, { everyone: ['read'] });
    const draft = world.resource('draft', { user: owner.subjectId }, ['press'], {
      everyone: ['read'],
      readAs: 'update',
    });
    const asReader = world.gateway.as(reader);
    expect((await asReader.failure(checks.check, { action: 'read', object: draft })).code).toBe('not_found');
    expect(
      (await world.gateway.as(owner).call(checks.check, { action: 'read', object: draft })).allowed,
    ).toBe(true);
    await world.permit({
      subjectType: 'user',
      subjectId: reader.subjectId,
      objectType: 'workspace',
      objectId: 'press',
      action: 'update',
      value: 'allow',
    });
    expect((await asReader.call(checks.check, { action: 'read', object: draft })).allowed).toBe(true);
  });

  it('of a hundred objects asks the owner once and then nobody', async () => {
    const owner = world.user('owner');
    const objects = Array.from({ length: 100 }, (_, at) =>
      world.resource(`r${at}`, { user: owner.subjectId }, at % 2 ? [] : ['press']),
    );
    const input = { checks: objects.map((object) => ({ action: 'update', object })) };
    const caller = world.gateway.as(owner);
    const before = world.content.asked(contentObjects.describe).length;
    const { results } = await caller.call(checks.check, input);
    expect(results?.every(({ allowed }) => allowed)).toBe(true);
    expect(world.content.asked(contentObjects.describe).length).toBe(before + 1);
    const asked = world.identity.asked(principals.fetch).length;
    await caller.call(checks.check, input);
    expect(world.content.asked(contentObjects.describe).length).toBe(before + 1);
    expect(world.identity.asked(principals.fetch).length).toBe(asked);
  });

  it('that cannot be answered is unavailable, neither yes nor no', async () => {
    const somebody = world.user('unheard');
    const object = world.workspace('away', { user: somebody.subjectId }, { everyone: ['read'] });
    const away = () => {
      throw unavailable();
    };
    world.content.answer(contentObjects.describe, away);
    const question = { checks: [{ action: 'read', object }] };
    expect((await world.gateway.as(anAdministrator).failure(checks.check, question)).code).toBe(
      'unavailable',
    );
    world.answer();
    world.identity.answer(principals.fetch, away);
    expect((await world.gateway.as(somebody).failure(checks.check, question)).code).toBe('unavailable');
    world.answer();
    expect(await world.gateway.as(somebody).call(checks.check, question)).toMatchObject({
      results: [{ allowed: true }],
    });
  });

  it('waits for the wanted revision, and gives up where it never comes', async () => {
    const owner = world.user('owner');
    const object = world.workspace('late', { user: owner.subjectId });
    const caller = world.gateway.as(owner);
    const { revision } = await caller.call(checks.check, { action: 'read', object });
    const failure = await caller.failure(
      checks.check,
      { action: 'read', object },
      { consistency: revision + 1_000, deadline: Date.now() + 300 },
    );
    expect(failure.code).toBe('unavailable');
  });
});

describe('an explanation', () => {
  it('tells who administers everything, and others the deciding rule and their own rows', async () => {
    const owner = world.user('owner');
    const object = world.workspace('told', { user: owner.subjectId }, { everyone: ['read'] });
    const member = world.user('told', { teamIds: [world.team('team_told', 'org_check')] });
    const permit = (
      subjectType: 'user' | 'team',
      subjectId: string,
      action: string,
      value: 'allow' | 'deny',
    ) => world.permit({ subjectType, subjectId, objectType: 'workspace', objectId: 'told', action, value });
    await permit('team', 'team_told', 'update', 'allow');
    await permit('user', member.subjectId, 'delete', 'deny');

    const subject = { type: 'user' as const, id: member.subjectId };
    const whole = await world.gateway.as(owner).call(checks.explain, { subject, action: 'update', object });
    expect(whole).toMatchObject({ allowed: true, decidedBy: { rule: 'team', element: object } });
    const team = whole.trace[0]?.rules.find(({ rule }) => rule === 'team');
    expect(team?.elements[0]?.rows[0]).toMatchObject({ subjectId: 'team_told', why: 'decides' });
    expect(whole.decidedBy.permissionId).toBe(team?.elements[0]?.rows[0]?.permissionId);
    expect(whole.change).toMatchObject({ kind: 'set_permission', allowed: false, object });
    expect(whole.sentences.length).toBeGreaterThan(0);

    const asMember = world.gateway.as(member);
    const own = await asMember.call(checks.explain, { action: 'update', object });
    expect(own).toMatchObject({ allowed: true, decidedBy: { rule: 'team' } });
    expect(own.decidedBy.permissionId).toBeUndefined();
    expect(JSON.stringify(own)).not.toContain('team_told');
    const denied = await asMember.call(checks.explain, { action: 'delete', object });
    expect(denied).toMatchObject({ allowed: false, decidedBy: { rule: 'user' } });
    expect(denied.decidedBy.permissionId).toBeDefined();
    const stranger = world.gateway.as(world.user('stranger'));
    const closed = world.workspace('closed', { user: 'user_other' });
    expect((await stranger.failure(checks.explain, { action: 'read', object: closed })).code).toBe(
      'not_found',
    );
    expect((await stranger.failure(checks.explain, { subject, action: 'read', object })).code).toBe(
      'permission_denied',
    );
  });

  it('turns the answer by the change that it names', async () => {
    const owner = world.user('owner');
    const object = world.workspace('turned', { user: owner.subjectId });
    const friend = world.user('turned');
    const asOwner = world.gateway.as(owner);
    const question = { subject: { type: 'user' as const, id: friend.subjectId }, action: 'update', object };
    const { allowed, change } = await asOwner.call(checks.explain, question);
    expect(allowed).toBe(false);
    if (change?.kind !== 'set_permission') throw new Error('expected a row to set');
    const { subjectType, subjectId, action, value } = change;
    if (!subjectType || !subjectId || !action || !value) throw new Error('the row is not whole');
    const row = {
      subjectType,
      subjectId,
      action,
      value,
      objectType: change.object.type,
      objectId: change.object.id,
    };
    const { revision } = await asOwner.call(permissions.set, { permissions: [row] });
    const after = await asOwner.call(checks.check, question, { consistency: revision });
    expect(after.allowed).toBe(true);
  });
});

describe('decisions for services', () => {
  it('tell allowed and readable apart, about any caller', async () => {
    const owner = world.user('owner');
    world.objects.set(
      'workspace:svc',
      aDescription('workspace', 'svc', { user: owner.subjectId }, { everyone: ['read'] }),
    );
    const content = await world.asService('identity');
    const ask = (subject: { subjectType: 'user' | 'guest'; subjectId: string; scopes: string[] }) =>
      content.call(decisions.check, {
        subject,
        checks: [
          { action: 'admin', object: { type: 'workspace', id: 'svc' } },
          { action: 'read', object: { type: 'workspace', id: 'none' } },
        ],
      });
    const none = { allowed: false, readable: false };
    const own = await ask({ subjectType: 'user', subjectId: owner.subjectId, scopes: [] });
    expect(own.results).toEqual([{ allowed: true, readable: true }, none]);
    const guest = await ask({ subjectType: 'guest', subjectId: '', scopes: [] });
    expect(guest.results).toEqual([{ allowed: false, readable: true }, none]);
    const admin = await ask({ subjectType: 'user', subjectId: 'user_any', scopes: ['admin'] });
    expect(admin.results).toEqual([{ allowed: true, readable: true }, none]);
    await content.close();
  });
});
