import type { Link } from '@erato/contracts/content/link';
import type { Db } from '@erato/platform/database/db';
import { statement } from '@erato/platform/database/statement';
import type { Tx } from '@erato/platform/database/tx';
import type { LinkSubject } from './link.entity.js';
import type { KeptLink } from './links.js';

const find = statement(`
  SELECT id, name, url, icon, kind, created_at AS "createdAt", updated_at AS "updatedAt"
  FROM external_links WHERE subject_type = $1 AND subject_id = $2 ORDER BY position`);

/** The links of a subject in their order. */
export const readLinks = (db: Pick<Db, 'rows'>, type: LinkSubject, id: string): Promise<KeptLink[]> =>
  db.rows<KeptLink>(find, [type, id]);

const drop = statement(
  'DELETE FROM external_links WHERE subject_type = $1 AND subject_id = $2 AND NOT (id = ANY ($3::uuid[]))',
);
/** Positions are checked at the end of the statement, so that links may change places in it. */
const store = statement(`
  INSERT INTO external_links (subject_type, subject_id, id, position, name, url, icon, kind, created_at, updated_at)
  SELECT $1, $2, l.* FROM unnest($3::uuid[], $4::smallint[], $5::text[], $6::text[], $7::text[], $8::text[],
    $9::timestamptz[], $10::timestamptz[]) l
  ON CONFLICT (id) DO UPDATE SET position = excluded.position, name = excluded.name, url = excluded.url,
    icon = excluded.icon, kind = excluded.kind, updated_at = excluded.updated_at`);

/** The columns of {@link KeptLink}s beside their positions, as arrays for `unnest`. */
export const linkArrays = (links: readonly KeptLink[]): unknown[] => [
  links.map(({ id }) => id),
  links.map((_, at) => at + 1),
  links.map(({ name }) => name),
  links.map(({ url }) => url),
  links.map(({ icon }) => icon),
  links.map(({ kind }) => kind),
  links.map(({ createdAt }) => createdAt),
  links.map(({ updatedAt }) => updatedAt),
];

/** Makes the subject's links exactly these, in this order; those that stay keep their rows. */
export async function writeLinks(
  tx: Tx,
  type: LinkSubject,
  id: string,
  links: readonly KeptLink[],
): Promise<void> {
  await tx.run(drop, [type, id, links.map((link) => link.id)]);
  if (links.length > 0) await tx.run(store, [type, id, ...linkArrays(links)]);
}

export const toLinks = (links: readonly KeptLink[]): Link[] =>
  links.map((link, at) => ({
    id: link.id,
    position: at + 1,
    name: link.name,
    url: link.url,
    icon: link.icon,
    kind: link.kind,
    createdAt: link.createdAt.toISOString(),
    updatedAt: link.updatedAt.toISOString(),
  }));
