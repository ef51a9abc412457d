import { statement } from '@erato/platform/database/statement';
import type { Tx } from '@erato/platform/database/tx';

/** An actor is `user:<id>`, and where he used a key or acted for a workspace more behind a space. */
const asEditor = statement(`
  UPDATE resource_revisions SET edited_by = 'user:deleted'
  WHERE edited_by = $1 OR (edited_by >= $1 || ' ' AND edited_by < $1 || '!')`);
const asAuthor = statement(`
  UPDATE resource_revisions SET snapshot = jsonb_set(snapshot, '{authors}', COALESCE((
    SELECT jsonb_agg(a ORDER BY nth) FROM jsonb_array_elements(snapshot -> 'authors') WITH ORDINALITY AS named (a, nth)
    WHERE NOT a @> $1::jsonb), '[]'))
  WHERE snapshot -> 'authors' @> jsonb_build_array($1::jsonb)`);

/** Takes a user out of the revisions of works that stay. */
export async function forgetInRevisions(tx: Tx, userId: string): Promise<void> {
  await tx.run(asEditor, [`user:${userId}`]);
  await tx.run(asAuthor, [JSON.stringify({ authorType: 'user', authorId: userId })]);
}
