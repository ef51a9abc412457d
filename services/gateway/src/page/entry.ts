import { markup, Markup } from '@erato/platform/html/markup';
import type { PageEntry } from '@erato/contracts/content/page';
import { coverOf } from './artwork.js';
import { clip, oneLine } from './clip.js';
import { clockOf } from './duration.js';
import { typeName } from './resource-types.js';
import type { Theme } from './theme.js';

const day = new Intl.DateTimeFormat('en-GB', {
  day: 'numeric',
  month: 'long',
  year: 'numeric',
  timeZone: 'UTC',
});

/** A day as people read it, and as machines do. */
export const dayOf = (at: string): Markup =>
  markup`<time datetime="${at.slice(0, 10)}">${day.format(new Date(at))}</time>`;

export const addressOf = (shortId: string): string => `/r/${shortId}`;

/** What a resource is called where it has to be called something: its title, or how its text begins. */
export function titleOf(
  { title, excerpt, type }: Pick<PageEntry, 'title' | 'excerpt' | 'type'>,
  bytes = 300,
): string {
  const words = oneLine(title ?? excerpt ?? '');
  return words === '' ? typeName(type) : clip(words, bytes);
}

/** How much of each entry a page has room for. */
export interface Density {
  readonly title: number;
  readonly excerpt: number;
}

/** Music among the entries: its cover and what it is. */
export const coverEntry = (entry: PageEntry, theme: Theme, density: Density): Markup => markup`
  <li>
    ${coverOf(entry.id, theme)}
    <h3><a href="${addressOf(entry.shortId)}" dir="auto">${titleOf(entry, density.title)}</a></h3>
    <p class="meta">${typeName(entry.type)}${entry.duration ? ` · ${clockOf(entry.duration)}` : ''} · ${dayOf(entry.publishedAt)}</p>
  </li>`;

/** Words among the entries: a post by its title, a status by what it says. */
export function wordEntry(entry: PageEntry, density: Density): Markup {
  const text = clip(entry.excerpt ?? '', density.excerpt);
  const address = addressOf(entry.shortId);
  if (entry.title === null) {
    return markup`<li>
      <p class="say" dir="auto">${text}</p>
      <p class="meta"><a href="${address}">${typeName(entry.type)}, ${dayOf(entry.publishedAt)}</a></p>
    </li>`;
  }
  return markup`<li>
    <p class="meta">${typeName(entry.type)} · ${dayOf(entry.publishedAt)}</p>
    <h3><a href="${address}" dir="auto">${titleOf(entry, density.title)}</a></h3>
    ${text === '' ? null : markup`<p dir="auto">${oneLine(text)}</p>`}
  </li>`;
}
