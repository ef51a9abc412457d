import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Client } from 'pg';
import { from } from 'pg-copy-streams';
import type { Table } from './table.js';

/** How much of the text goes out at a time, in characters. */
const chunk = 256 * 1024;

function* pieces(text: string): Generator<string> {
  for (let at = 0; at < text.length; at += chunk) yield text.slice(at, at + chunk);
}

/** Writes a table's rows with COPY, into another table of the same columns where `name` says so. */
export async function copyInto(client: Client, table: Table, name = table.name): Promise<void> {
  if (table.count === 0) return;
  const stream = client.query(from(`COPY ${name} (${table.columns.join(', ')}) FROM STDIN`));
  await pipeline(Readable.from(pieces(table.text())), stream);
}
