import { markup, Markup } from '@erato/platform/html/markup';
import type { Link, LinkKind } from '@erato/contracts/content/link';
import { clip } from './clip.js';
import { addressOf } from './entry.js';
import { Icons } from './icon.js';

const verbs: Readonly<Record<LinkKind, string>> = {
  stream: 'Listen',
  preorder: 'Pre-order',
  presave: 'Pre-save',
  buy: 'Buy',
  social: 'Follow',
  other: 'Open',
};

/** How much of links a page has room for. */
export interface LinkRoom {
  /** Of each one's name, in bytes. */
  readonly link: number;
  /** Whether they have their pictures, and say what they are for. */
  readonly marks: boolean;
}

interface ChipRoom extends LinkRoom {
  /** Of all of them, in bytes. */
  readonly links: number;
}

/** The links of a resource as large buttons, each by the address that counts it. */
export function buttonsOf(shortId: string, links: readonly Link[], room: LinkRoom): Markup | null {
  if (links.length === 0) return null;
  const icons = new Icons();
  const items = links.map(
    (link) => markup`<li><a href="${addressOf(shortId)}/${link.position}" rel="nofollow">
      ${room.marks ? icons.of(link) : null}
      <span dir="auto">${clip(link.name, room.link)}</span>
      ${room.marks ? markup`<span class="verb">${verbs[link.kind]}</span>` : null}
    </a></li>`,
  );
  return markup`<nav aria-label="Where to find it"><ul class="go">${items}</ul></nav>`;
}

/** The links of a workspace: as many as there is room for, in their order. */
export function chipsOf(links: readonly Link[], feed: string, room: ChipRoom): Markup {
  const icons = new Icons();
  const items: Markup[] = [];
  let left = room.links;
  for (const link of links) {
    const item = markup`<li><a href="${link.url}" rel="me nofollow noopener">${room.marks ? icons.of(link) : null}<span dir="auto">${clip(link.name, room.link)}</span></a></li>`;
    left -= Buffer.byteLength(item.text);
    if (left < 0) break;
    items.push(item);
  }
  return markup`<nav aria-label="Links"><ul class="chips">${items}<li><a href="${feed}">${icons.feed()}<span>Feed</span></a></li></ul></nav>`;
}
