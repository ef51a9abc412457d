import { createHash } from 'node:crypto';

/**
 * SQL that is prepared once a connection and then known by its name. The text must come from code alone, never from
 * input; the number of different texts in a process is bounded by the code.
 */
export interface Statement {
  readonly name: string;
  readonly text: string;
}

const known = new Map<string, Statement>();

/** Names a text by its digest, so that the same text is the same prepared statement everywhere. */
export function statement(text: string): Statement {
  let found = known.get(text);
  if (!found) {
    found = { name: createHash('sha1').update(text).digest('hex').slice(0, 20), text };
    known.set(text, found);
  }
  return found;
}
