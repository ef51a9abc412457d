import { v7 as uuidv7 } from 'uuid';
import { tooManyLinks, maxLinks, type LinkKind, type NewLink } from '@erato/contracts/content/link';
import { notFound } from '@erato/contracts/kit/failure';
import { httpsUrl } from './https-url.js';
import { knownHost } from './known-hosts.js';

/** A link as it is kept; its place is that in the list which holds it. */
export interface KeptLink {
  readonly id: string;
  readonly url: string;
  readonly name: string;
  readonly icon: string | null;
  readonly kind: LinkKind;
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

/** A link of what was given: known hosts fill in name, icon and kind, others the name of the host. */
export function linkOf(given: NewLink, path: string, now: Date): KeptLink {
  const url = httpsUrl(path, given.url);
  const known = knownHost(url);
  return {
    id: uuidv7(),
    url: given.url,
    name: given.name ?? known?.name ?? url.hostname.replace(/^www\./, '').slice(0, 100),
    icon: given.icon === undefined ? (known?.icon ?? null) : given.icon,
    kind: given.kind ?? (known ? 'stream' : 'other'),
    createdAt: now,
    updatedAt: now,
  };
}

/** With one more, at `at` (1…), or at the end. */
export function withAdded(links: readonly KeptLink[], added: KeptLink, at = maxLinks): KeptLink[] {
  if (links.length >= maxLinks) throw tooManyLinks();
  return links.toSpliced(at - 1, 0, added);
}

/** With the one at `position` changed in place, and then moved to `moveTo`; beyond the end is the end. */
export function withSet(
  links: readonly KeptLink[],
  position: number,
  set: KeptLink,
  moveTo = position,
): KeptLink[] {
  const { id, createdAt } = standing(links, position);
  const rest = links.toSpliced(position - 1, 1);
  return rest.toSpliced(moveTo - 1, 0, { ...set, id, createdAt });
}

export function withoutOne(links: readonly KeptLink[], position: number): KeptLink[] {
  standing(links, position);
  return links.toSpliced(position - 1, 1);
}

/** The whole list anew; a link whose address was there keeps its id and its age. */
export function replaced(links: readonly KeptLink[], by: readonly KeptLink[]): KeptLink[] {
  const before = [...links];
  return by.map((link) => {
    const at = before.findIndex(({ url }) => url === link.url);
    const [known] = at < 0 ? [] : before.splice(at, 1);
    return known ? { ...link, id: known.id, createdAt: known.createdAt } : link;
  });
}

function standing(links: readonly KeptLink[], position: number): KeptLink {
  const link = links[position - 1];
  if (!link) throw notFound({ detail: `There is no link at position ${position}.` });
  return link;
}
