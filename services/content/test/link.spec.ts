import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { resourceLinks, workspaceLinks, type Link } from '@erato/contracts/content/link';
import { resources } from '@erato/contracts/content/resource';
import { workspaces } from '@erato/contracts/content/workspace';
import type { Caller } from '@erato/contracts/kit/context';
import { World } from './world.js';

let world: World;
let mia: Caller;
let tom: Caller;
beforeAll(async () => {
  world = await World.start();
  [mia, tom] = [world.user('mia'), world.user('tom')];
}, 60_000);
afterAll(() => world.close());

const link = (host: string) => ({ url: `https://${host}.example/` });
const order = (links: readonly Link[]) => links.map(({ position, name }) => `${position} ${name}`);

describe.each(['resource', 'workspace'] as const)('the links of a %s', (kind) => {
  const calls = kind === 'resource' ? resourceLinks : workspaceLinks;
  let id: string;
  const version = async (): Promise<number> =>
    kind === 'resource'
      ? (await world.as(mia).call(resources.get, { id })).version
      : (await world.as(mia).call(workspaces.get, { id })).version;

  beforeAll(async () => {
    id =
      kind === 'resource'
        ? (await world.aPost(mia, {})).id
        : (await world.aWorkspace(mia, { name: 'Linked' })).id;
  });

  it('keep their places without gaps, and move the version', async () => {
    const as = world.as(mia);
    await as.call(calls.add, { id, ...link('a') });
    await as.call(calls.add, { id, ...link('b') });
    expect(order(await as.call(calls.add, { id, ...link('c'), at: 1 }))).toEqual([
      '1 c.example',
      '2 a.example',
      '3 b.example',
    ]);
    expect(await version()).toBe(4);
    const moved = await as.call(calls.set, { id, position: 1, ...link('d'), moveTo: 3 });
    expect(order(moved)).toEqual(['1 a.example', '2 b.example', '3 d.example']);
    await as.call(calls.remove, { id, position: 2 });
    expect(order(await world.as().call(calls.list, { id }))).toEqual(['1 a.example', '2 d.example']);
    const kept = await as.call(calls.replace, { id, links: [link('d'), link('e'), link('a')] });
    expect(order(kept)).toEqual(['1 d.example', '2 e.example', '3 a.example']);
    expect(kept[0]?.id).toBe(moved[2]?.id);
    expect(await version()).toBe(7);
    expect(await as.call(calls.replace, { id, links: [] })).toEqual([]);
  });

  it('are held to rights, versions and numbers', async () => {
    const failures = [
      world.as(tom).failure(calls.add, { id, ...link('x') }),
      world.as(mia).failure(calls.add, { id, ...link('x') }, { ifMatch: [1] }),
      world.as(mia).failure(calls.remove, { id, position: 1 }),
      world.as(mia).failure(calls.add, { id: crypto.randomUUID(), ...link('x') }),
      world.as(mia).failure(calls.replace, { id, links: Array.from({ length: 51 }, () => link('x')) }),
      world.as(mia).failure(calls.add, { id, url: 'http://example.com' }),
    ];
    const codes = (await Promise.all(failures)).map(({ code }) => code);
    expect(codes).toEqual([
      'permission_denied',
      'precondition_failed',
      'not_found',
      'not_found',
      'validation_failed',
      'validation_failed',
    ]);
    await world
      .as(mia)
      .call(calls.replace, { id, links: Array.from({ length: 50 }, (_, n) => link(`n${n}`)) });
    expect((await world.as(mia).failure(calls.add, { id, ...link('x') })).code).toBe('too_many_links');
  });
});

describe('links that are added at once', () => {
  it('all find a place of their own', async () => {
    const { id } = await world.aPost(mia, {});
    const hosts = Array.from({ length: 12 }, (_, n) => `h${n}`);
    await Promise.all(hosts.map((host) => world.as(mia).call(resourceLinks.add, { id, ...link(host) })));
    const links = await world.as().call(resourceLinks.list, { id });
    expect(links.map(({ position }) => position)).toEqual(hosts.map((_, at) => at + 1));
    expect(links.map(({ name }) => name).sort()).toEqual(hosts.map((host) => `${host}.example`).sort());
  });
});
