import type { Api } from './api.js';
import { aPost, listPath } from './rows/requests.js';

/** What two answers to the same POST differ in. */
const own = /"(?:id|shortId|createdAt|updatedAt|publishedAt)":"[^"]*"/g;

/**
 * Makes sure that the limit answers what Erato answers, to the byte: else the two would be no comparison. Of a POST, ids and
 * times are left out.
 */
export async function requireSameBytes(
  erato: Api,
  bare: Api,
  ids: readonly string[],
  workspaceId: string,
): Promise<void> {
  for (const prefix of ['/js', '/sql']) {
    for (const path of [...ids.slice(0, 50).map((id) => `/v1/resources/${id}`), listPath]) {
      requireSame(path, await erato.text(path), await bare.text(prefix + path));
    }
  }
  const post = aPost(workspaceId, 0);
  const [ours, theirs] = await Promise.all([erato, bare].map((api) => api.post('/v1/resources', post)));
  requireSame('POST /v1/resources', withoutOwn(ours), withoutOwn(theirs));
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
