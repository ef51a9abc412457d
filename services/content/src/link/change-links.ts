import type { AddLink, Link, LinkAt, ReplaceLinks, SetLink } from '@erato/contracts/content/link';
import type { Context } from '@erato/contracts/kit/context';
import type { Tx } from '@erato/platform/database/tx';
import { readLinks, toLinks, writeLinks } from './link-view.js';
import type { LinkSubject } from './link.entity.js';
import { linkOf, replaced, withAdded, withoutOne, withSet, type KeptLink } from './links.js';

/** The frame in which a part of a subject is changed: lock, decide, If-Match, version, event. */
export type ChangePart = <T>(context: Context, id: string, work: (tx: Tx) => Promise<T>) => Promise<T>;

/** The changes of links, the same for every kind of subject. */
export class LinkChanges {
  constructor(
    private readonly subject: LinkSubject,
    private readonly changePart: ChangePart,
  ) {}

  add(context: Context, { id, at, ...given }: AddLink): Promise<readonly Link[]> {
    const link = linkOf(given, 'url', new Date());
    return this.#change(context, id, (links) => withAdded(links, link, at));
  }

  replace(context: Context, { id, links: given }: ReplaceLinks): Promise<readonly Link[]> {
    const now = new Date();
    const by = given.map((link, at) => linkOf(link, `links.${at}.url`, now));
    return this.#change(context, id, (links) => replaced(links, by));
  }

  set(context: Context, { id, position, moveTo, ...given }: SetLink): Promise<readonly Link[]> {
    const link = linkOf(given, 'url', new Date());
    return this.#change(context, id, (links) => withSet(links, position, link, moveTo));
  }

  async remove(context: Context, { id, position }: LinkAt): Promise<void> {
    await this.#change(context, id, (links) => withoutOne(links, position));
  }

  #change(
    context: Context,
    id: string,
    change: (links: readonly KeptLink[]) => KeptLink[],
  ): Promise<readonly Link[]> {
    return this.changePart(context, id, async (tx) => {
      const links = change(await readLinks(tx, this.subject, id));
      await writeLinks(tx, this.subject, id, links);
      return toLinks(links);
    });
  }
}
