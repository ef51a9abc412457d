import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { authors } from '@erato/contracts/content/author';
import { erasureCompleted } from '@erato/contracts/content/events';
import { resources } from '@erato/contracts/content/resource';
import { revisions } from '@erato/contracts/content/revision';
import { workspaces } from '@erato/contracts/content/workspace';
import type { Caller } from '@erato/contracts/kit/context';
import { asService } from '@erato/testing/client';
import { settle } from '@erato/testing/settle';
import { World } from './world.js';

let world: World;
let mia: Caller;
beforeAll(async () => {
  world = await World.start();
  mia = world.user('mia');
}, 60_000);
afterAll(() => world.close());

const user = (authorId: string) => ({ authorType: 'user' as const, authorId });
const names = async (id: string) =>
  (await world.as(mia).call(authors.list, { id })).map(({ authorId }) => authorId);

describe('a user who is deleted', () => {
  it('leaves nothing of his own, and no name in the works of others', async () => {
    const tom = world.user('tom');
    world.organization('org_label');
    const admin = world.user('boss', {
      organizations: [{ organizationId: 'org_label', roleSlug: 'admin' }],
    });
    const owner = { ownerType: 'organization' as const, ownerId: 'org_label' };
    const own = await world.aPost(tom, { title: 'His own' });
    const empty = await world.aWorkspace(tom, { name: 'His workspace', visibility: 'private' });
    const shared = await world.aWorkspace(tom, { name: 'Shared workspace', visibility: 'private' });
    await world.permit({
      subjectType: 'user',
      subjectId: 'user_mia',
      objectType: 'workspace',
      objectId: shared.id,
      action: 'update',
      value: 'allow',
    });
    const inShared = await world.aPost(mia, {
      title: 'In his workspace',
      authors: [{ authorType: 'workspace', authorId: shared.id }, user('user_mia')],
    });
    const together = await world.aPost(mia, {
      title: 'Together',
      authors: [user('user_mia'), user('user_tom')],
    });
    await world.as(tom).call(authors.accept, { id: together.id });
    await world.as(tom).call(resources.update, { id: together.id, title: 'Still together' });
    await world.as(mia).call(resources.update, { id: together.id, title: 'Together' });
    const labels = await world.aPost(admin, {
      title: 'Of the label',
      authors: [user('user_boss'), user('user_tom')],
      ...owner,
    });
    await world.as(tom).call(authors.accept, { id: labels.id });
    await world.as(admin).call(authors.remove, { id: labels.id, ...user('user_boss') });

    const authz = await asService(world.infra, 'authz');
    const said: unknown[] = [];
    authz.bus.connection.subscribe(erasureCompleted.subject, {
      callback: (_, message) => {
        said.push(message.json());
      },
    });
    await world.deleted('user_tom');
    await settle(() => said.length === 1);
    expect(said).toEqual([expect.objectContaining({ data: { userId: 'user_tom' } })]);
    await authz.close();

    for (const gone of [
      world.as(mia).failure(resources.get, { id: own.id }),
      world.as(tom).failure(workspaces.get, { id: empty.id }),
    ]) {
      expect(await gone).toMatchObject({ code: 'not_found' });
    }
    expect(await names(together.id)).toEqual(['user_mia']);
    const history = await world.as(mia).call(revisions.list, { id: together.id });
    expect(history.data.map(({ editedBy, snapshot }) => [editedBy, snapshot.authors.length])).toEqual([
      ['user:user_mia', 1],
      ['user:deleted', 1],
    ]);
    expect(await names(labels.id)).toEqual(['deleted']);
    expect(await world.as(mia).call(workspaces.get, { id: shared.id })).toMatchObject({
      name: 'Deleted workspace',
      ownerId: 'deleted',
      visibility: 'private',
    });
    expect((await world.as(world.user('eve')).failure(resources.get, { id: inShared.id })).code).toBe(
      'not_found',
    );
    for (const table of ['workspaces', 'resources', 'resource_authors', 'resource_revisions']) {
      const { rows } = await world.database.query(`SELECT 1 FROM ${table} t WHERE t::text LIKE '%user_tom%'`);
      expect([table, rows]).toEqual([table, []]);
    }
  });
});
