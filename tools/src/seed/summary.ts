import { password, signIns } from './api/cast.js';
import type { Seeded } from './seed.js';
import { independents, labelAt, personAt } from './world/cast.js';
import { resourcesOf } from './world/resource-plan.js';
import { workspaceAt } from './world/workspace-plan.js';
import { resourcesPerWorkspace, type World } from './world/world.js';

/** What to look at in a world that was seeded, and as whom. */
export function summaryOf(url: string, world: World, { written, known, ids }: Seeded): string {
  const { labels, people, workspaces } = world.size;
  const count = (value: number): string => value.toLocaleString('en');
  const label = labelAt(world, 0);
  const artist = firstArtist(world);
  const album = resourcesOf(world, artist).find(({ type }) => type === 'album');
  const alone = personAt(world, independents(world)[0] ?? 0);
  const email = (number: number): string => personAt(world, number).email;
  return [
    written === 0
      ? `This world (${world.seed}) is there already: nothing was added.`
      : `Seeded ${world.seed}: ${count(written)} resources${known > 0 ? `; ${count(known)} were there already` : ''}.`,
    `${count(labels)} labels, ${count(people)} people, ${count(workspaces)} workspaces, ${count(workspaces * resourcesPerWorkspace)} resources.`,
    '',
    'Look at',
    `  ${url}/v1/resources?sort=-publishedAt`,
    `  ${url}/v1/workspaces/by-slug/${artist.slug}?include=links    ${artist.name}`,
    `  ${url}/@${artist.slug}    its public page`,
    `  ${url}/v1/workspaces/${ids.workspace(artist.number)}/resources`,
    ...(album
      ? [`  ${url}/v1/resources/${ids.resource(album.number)}?include=tracks,links    ${album.title ?? ''}`]
      : []),
    `  ${url}/docs`,
    '',
    `Sign in (POST ${url}/v1/auth/token, grantType password) with the password "${password}" as`,
    `  ${email(label.boss)}    leads ${label.name}`,
    `  ${email(label.team[0] ?? 0)}    of its A&R team`,
    `  ${email(label.team[1] ?? 0)}    of its A&R team, but denied to update one artist`,
    `  ${email(label.viewer)}    only looks there, and writes on the label’s own profile`,
    ...(alone.number < signIns ? [`  ${alone.email}    releases music without a label`] : []),
  ].join('\n');
}

function firstArtist(world: World) {
  for (let number = world.size.labels; number < world.size.workspaces; number++) {
    const plan = workspaceAt(world, number);
    const isOpen = plan.kind === 'artist' && plan.visibility === 'public';
    if (isOpen && resourcesOf(world, plan).some(({ type }) => type === 'album')) return plan;
  }
  return workspaceAt(world, 0);
}
