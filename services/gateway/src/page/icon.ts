import { Markup } from '@erato/platform/html/markup';
import type { Link, LinkKind } from '@erato/contracts/content/link';
import { marks } from './marks.js';

/** Drawn for Erato: what a link is, where its host has no mark here. */
const signs: Readonly<Record<LinkKind | 'feed', string>> = {
  stream: 'M9 3v11.3A4 4 0 1 0 11 18V7h8V3z',
  preorder: 'M12 2a10 10 0 1 0 0 20 10 10 0 0 0 0-20zm1 5v4.6l3.7 3.7-1.4 1.4L11 12.4V7z',
  presave: 'M6 2h12a1 1 0 0 1 1 1v19l-7-4-7 4V3a1 1 0 0 1 1-1z',
  buy: 'M7 7V6a5 5 0 0 1 10 0v1h4l-1.5 15h-15L3 7zm2 0h6V6a3 3 0 0 0-6 0z',
  social: 'M12 12a5 5 0 1 0 0-10 5 5 0 0 0 0 10zm0 2c-5 0-9 2.6-9 6v2h18v-2c0-3.400-4-6-9-6z',
  other: 'M14 3h7v7l-2.600-2.600-7.700 7.700-1.800-1.800 7.700-7.700zM5 5h6v2.500H6.500v10h10V13H19v7H4V5z',
  feed: 'M4 4a16 16 0 0 1 16 16h-3A13 13 0 0 0 4 7zm0 6a10 10 0 0 1 10 10h-3a7 7 0 0 0-7-7zm2.200 5.800a2.200 2.200 0 1 1 0 4.400 2.200 2.200 0 0 1 0-4.400z',
};

/** Networks whose host does not have their mark's name. */
const hosts: Readonly<Record<string, string>> = {
  twitter: 'x',
  bsky: 'bluesky',
  'mastodon.social': 'mastodon',
};

/** `mdi:spotify` is the mark `spotify`, `simple-icons:applemusic` and `cib:apple-music` are `applemusic`. */
const ofSlug = (slug: string): string => (slug.split(':').at(-1) ?? '').replaceAll('-', '');

function ofHost(url: string): string {
  const host = URL.canParse(url) ? new URL(url).hostname : '';
  const name = host.split('.').at(-2) ?? '';
  return hosts[host] ?? hosts[name] ?? name;
}

type Pictured = Pick<Link, 'icon' | 'url' | 'kind'>;

/** The pictures of one page: each is drawn where it stands first, and named where it stands again. */
export class Icons {
  readonly #drawn = new Set<string>();

  /** The mark that a link's icon names, or that of its host, or a sign of what it is. */
  of({ icon, url, kind }: Pictured): Markup {
    const names = [icon === null ? '' : ofSlug(icon), ofHost(url)];
    const name = names.find((each) => Object.hasOwn(marks, each));
    return this.#picture(name ?? `to-${kind}`, (name === undefined ? undefined : marks[name]) ?? signs[kind]);
  }

  feed(): Markup {
    return this.#picture('to-feed', signs.feed);
  }

  #picture(name: string, path: string): Markup {
    const shape = this.#drawn.has(name) ? `<use href="#${name}"/>` : `<path id="${name}" d="${path}"/>`;
    this.#drawn.add(name);
    return new Markup(`<svg class="icon" viewBox="0 0 24 24" aria-hidden="true">${shape}</svg>`);
  }
}
