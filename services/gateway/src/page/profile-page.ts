import { markup, Markup } from '@erato/platform/html/markup';
import type { PageEntry, WorkspacePage } from '@erato/contracts/content/page';
import type { WorkspaceKind } from '@erato/contracts/content/workspace';
import { bannerOf, monogramOf } from './artwork.js';
import { clip } from './clip.js';
import { documentOf, type Document } from './document.js';
import { coverEntry, wordEntry, type Density } from './entry.js';
import { chipsOf, type LinkRoom } from './links.js';
import { toldImage, workspaceData } from './structured-data.js';
import { themeOf, type Theme } from './theme.js';
import { fitting } from './fitting.js';
import { isSeen } from './resource-types.js';

/** How many entries a page has: in the densest form they fit it whatever they say. */
export const entriesPerPage = 12;

const kindNames: Readonly<Record<WorkspaceKind, string>> = {
  artist: 'Artist',
  label: 'Label',
  curator: 'Curator',
  press: 'Press',
  other: 'Page',
};

interface Room extends Density, LinkRoom {
  readonly description: number;
  readonly links: number;
}

const rooms: readonly [Room, ...Room[]] = [
  { title: 900, excerpt: 1_400, description: 8_000, links: 14_000, link: 300, marks: true },
  { title: 300, excerpt: 500, description: 6_000, links: 9_000, link: 100, marks: true },
  { title: 160, excerpt: 100, description: 800, links: 3_000, link: 60, marks: false },
];

/** `GET /@{slug}`: a workspace's public page. */
export function profilePage(page: WorkspacePage, origin: string): Document {
  const { workspace, entries } = page;
  const theme = themeOf(workspace.themeConfig, workspace.id);
  const path = `/@${workspace.slug}`;
  const isFirst = entries.meta.before === null;
  const about = {
    title: workspace.name,
    description: workspace.description ?? `${kindNames[workspace.kind]}: music, news and links.`,
    address: `${origin}${path}`,
    theme,
    layout: 'profile' as const,
    listed: isFirst,
    properties: [
      ['og:type', 'profile'],
      ['og:site_name', clip(workspace.name, 200)],
    ] as const,
    image: toldImage(workspace.bannerUrl, workspace.avatarUrl),
    data: workspaceData(page, origin),
    feed: { address: `${origin}${path}/feed.xml`, title: workspace.name },
  };
  return fitting(rooms, (room) => documentOf(about, body(page, theme, room)));
}

function body({ workspace, entries }: WorkspacePage, theme: Theme, room: Room): Markup {
  const path = `/@${workspace.slug}`;
  const isFirst = entries.meta.before === null;
  const description = clip(workspace.description ?? '', room.description);
  return markup`
    <div>${bannerOf(workspace.id, theme)}</div>
    <main id="main" class="artist">
      <div class="who">
        ${monogramOf(workspace.name, workspace.id, theme)}
        <p class="kind">${kindNames[workspace.kind]}</p>
        <h1 dir="auto">${workspace.name}</h1>
        ${description === '' || !isFirst ? null : markup`<p class="about" dir="auto">${description}</p>`}
        ${isFirst ? chipsOf(workspace.links ?? [], `${path}/feed.xml`, room) : null}
      </div>
      <div class="rest">
        ${sections(entries.data, theme, room)}
        ${turning(path, entries.meta)}
      </div>
    </main>`;
}

function sections(entries: readonly PageEntry[], theme: Theme, density: Density): Markup {
  if (entries.length === 0) return markup`<p class="say">Nothing here yet. Come back soon.</p>`;
  const seen = entries.filter(({ type }) => isSeen(type));
  const read = entries.filter(({ type }) => !isSeen(type));
  return markup`
    ${
      seen.length === 0
        ? null
        : markup`<section aria-labelledby="music"><h2 id="music">Music</h2>
      <ul class="covers">${seen.map((each) => coverEntry(each, theme, density))}</ul></section>`
    }
    ${
      read.length === 0
        ? null
        : markup`<section aria-labelledby="news"><h2 id="news">News</h2>
      <ul class="words">${read.map((each) => wordEntry(each, density))}</ul></section>`
    }
  `;
}

/** To the newer and the older, by plain links. */
function turning(path: string, { after, before }: WorkspacePage['entries']['meta']): Markup | null {
  if (after === null && before === null) return null;
  return markup`<nav class="pages" aria-label="Pages">
    ${before === null ? null : markup`<a rel="prev" href="${path}?before=${before}">← Newer</a>`}
    ${after === null ? null : markup`<a class="next" rel="next" href="${path}?after=${after}">Older →</a>`}
  </nav>`;
}
