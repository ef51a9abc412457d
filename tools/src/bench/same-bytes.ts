import { Api } from './api.js';
import { aPost, listPath, variants, type Field } from './rows/requests.js';

/** What two answers to the same POST differ in. */
const own = /"(?:id|shortId|createdAt|updatedAt|publishedAt)":"[^"]*"/g;

/**
 * Makes sure that the limit answers what Erato answers, to the byte: else the two would be no comparison. Of a POST, ids and
 * times are left out.
 */
export async function requireSameBytes(
  { erato, bare, reader, artist }: Field,
  ids: readonly string[],
): Promise<void> {
  const theirs = new Api(bare.url, reader.api.token);
  for (const variant of variants) {
    for (const path of [...ids.slice(0, 50).map((id) => `/v1/resources/${id}`), listPath]) {
      requireSame(path, await reader.api.text(path), await theirs.text(`/${variant}${path}`));
    }
  }
  const post = aPost(artist.workspaceId, 0);
  const [first, second] = await Promise.all(
    [erato, bare].map(({ url }) => new Api(url, artist.api.token).post('/v1/resources', post)),
  );
  requireSame('POST /v1/resources', withoutOwn(first), withoutOwn(second));
}

const withoutOwn = (answer: unknown): string => JSON.stringify(answer).replaceAll(own, '');

function requireSame(what: string, ours: string, theirs: string): void {
  if (ours === theirs) return;
  let at = 0;
  while (ours[at] === theirs[at]) at++;
  const around = (text: string): string => text.slice(Math.max(0, at - 40), at + 120);
  throw new Error(
    `${what}: the limit answers otherwise.\n  Erato: …${around(ours)}\n  bare:  …${around(theirs)}`,
  );
}
