import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { shortIdPattern } from '@erato/contracts/content/resource';
import { labelAt, personAt } from './cast.js';
import { isrcOf, upcOf } from './codes.js';
import { idAt, shortIdOf } from './ids.js';
import { resourcesOf } from './resource-plan.js';
import { bodyOf, excerptOf, shown } from './texts.js';
import { Chance } from './chance.js';
import { workspaceAt } from './workspace-plan.js';
import { resourcesPerWorkspace, worldEnd, worldOf, worldStart } from './world.js';

const sizeNames = fc.constantFrom('small' as const, 'medium' as const, 'large' as const);
const worlds = fc.tuple(sizeNames, fc.nat(1_000)).map(([size, seed]) => worldOf(size, seed));

describe('a world', () => {
  it('is the same for the same seed, wherever one begins, and another for another', () => {
    fc.assert(
      fc.property(worlds, fc.nat(400), (world, number) => {
        const at = number % world.size.workspaces;
        const once = [workspaceAt(world, at), resourcesOf(world, workspaceAt(world, at))];
        expect([workspaceAt(world, at), resourcesOf(world, workspaceAt(world, at))]).toEqual(once);
        const other = workspaceAt(worldOf('large', Number(world.seed.split('-')[1]) + 1), at);
        expect(other.id).not.toBe(workspaceAt(world, at).id);
      }),
      { numRuns: 50 },
    );
  });

  it('names nothing twice', () => {
    const world = worldOf('large', 1);
    const seen = new Set<string>();
    for (let number = 0; number < world.size.workspaces; number++) {
      const { slug, id } = workspaceAt(world, number);
      expect(slug).toMatch(/^[a-z0-9-]{2,50}$/);
      seen.add(slug).add(id);
    }
    expect(seen.size).toBe(2 * world.size.workspaces);
    const cast = Array.from({ length: 800 }, (_, at) => personAt(world, at));
    expect(new Set(cast.flatMap(({ email, handle }) => [email, handle])).size).toBe(1_600);
    for (const { handle } of cast) expect(handle).toMatch(/^[a-z0-9_]{3,30}$/);
    expect(new Set(Array.from({ length: 120 }, (_, at) => labelAt(world, at).slug)).size).toBe(120);
  });

  it('gives labels of one name profiles of different addresses', () => {
    fc.assert(
      fc.property(worlds, (world) => {
        const slugs = Array.from({ length: world.size.labels }, (_, at) => workspaceAt(world, at).slug);
        expect(new Set(slugs).size).toBe(slugs.length);
      }),
    );
  });

  it('has twenty resources a workspace, in the order of time, within its three years', () => {
    fc.assert(
      fc.property(worlds, fc.nat(49_999), (world, number) => {
        const workspace = workspaceAt(world, number % world.size.workspaces);
        const made = resourcesOf(world, workspace);
        expect(made).toHaveLength(resourcesPerWorkspace);
        const order = [worldStart, workspace.made, ...made.map((each) => each.made), worldEnd];
        expect(order).toEqual([...order].sort((a, b) => a - b));
        for (const each of made) {
          if (each.type !== 'album') continue;
          const places = each.tracks.map(
            ({ discNumber, trackNumber }) => `${String(discNumber)}.${String(trackNumber)}`,
          );
          expect(new Set(places).size).toBe(each.tracks.length);
          for (const { slot } of each.tracks) expect(made[slot]?.type).toBe('song');
          expect(each.tracks.length).toBeGreaterThan(5);
        }
      }),
      { numRuns: 200 },
    );
  });
});

describe('ids', () => {
  it('are of version 7, with their time', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 2 ** 47 }), fc.string(), (time, name) => {
        const id = idAt(time, name);
        expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
        expect(parseInt(id.slice(0, 13).replace('-', ''), 16)).toBe(time);
      }),
    );
  });

  it('that are short are different for different numbers', () => {
    const made = Array.from({ length: 100_000 }, (_, number) => shortIdOf('l1', number * 7));
    expect(new Set(made).size).toBe(made.length);
    for (const each of made.slice(0, 100)) expect(each).toMatch(shortIdPattern);
  });
});

describe('codes', () => {
  it('of recordings have their form and are never the same', () => {
    const made = Array.from({ length: 300_000 }, (_, number) => isrcOf(number * 3, 2024));
    expect(new Set(made).size).toBe(made.length);
    for (const each of made.slice(0, 100)) expect(each).toMatch(/^[A-Z]{2}-[A-Z0-9]{3}-\d{2}-\d{5}$/);
  });

  it('of albums have the right check digit', () => {
    expect(upcOf(123_456_789)).toHaveLength(12);
    fc.assert(
      fc.property(fc.nat(1_000_000), (number) => {
        const sum = [...upcOf(number)].reduce(
          (all, digit, at) => all + Number(digit) * (at % 2 === 0 ? 3 : 1),
          0,
        );
        expect(sum % 10).toBe(0);
      }),
    );
  });
});

describe('texts', () => {
  it('are prose: what they mean to Markdown is known without asking it', () => {
    fc.assert(
      fc.property(fc.string(), (name) => {
        const body = bodyOf(new Chance(name), {
          name: 'Polar Night',
          title: 'Aurora',
          month: 'May',
          year: 2024,
        });
        expect(body).toMatch(/^[\p{L}\p{N} ,.'\n]+$/u);
        expect(body.length).toBeGreaterThan(200);
        const { text } = shown(body);
        const excerpt = excerptOf(text);
        expect(excerpt.length).toBeLessThanOrEqual(320);
        expect(text.startsWith(excerpt)).toBe(true);
        expect(excerpt.length === text.length || text.charAt(excerpt.length) === ' ').toBe(true);
      }),
    );
  });
});
