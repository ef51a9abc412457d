/** What a statement does, as its span tells it; made of the words of its text alone, never of values. */
export interface QuerySummary {
  /** The operations and the tables of each, once, in the order of the text: `INSERT resources INSERT resource_authors`. */
  readonly summary: string;
  /** The operation of a statement that has one. */
  readonly operation: string | undefined;
  /** The text in one line, without comments. */
  readonly text: string;
}

/** The longest summary that OpenTelemetry's conventions allow. */
const longest = 255;
/** More texts than a process has; where they are made of input after all, memory stays bounded. */
const mostKnown = 2_000;

const operations = new Set(['SELECT', 'INSERT', 'UPDATE', 'DELETE', 'MERGE']);
/** Words behind which a table stands. */
const leads = new Set(['FROM', 'JOIN', 'INTO', 'USING', 'UPDATE']);
/** `FOR UPDATE`, `FOR NO KEY UPDATE`, `DO UPDATE`, `ON DELETE` do nothing of their own; `IS DISTINCT FROM` names no table. */
const inert = new Set(['FOR UPDATE', 'KEY UPDATE', 'DO UPDATE', 'ON UPDATE', 'ON DELETE', 'DISTINCT FROM']);

const literalOrComment = /'(?:[^']|'')*'|--[^\n]*|\/\*.*?\*\//gs;
const word = /(?:"[^"]+"|[a-z_]\w*)(?:\.(?:"[^"]+"|[a-z_]\w*))*|\(/gi;
/** `name AS (`: what a statement calls a part of itself is no table. */
const part = /([a-z_]\w*)(?:\s*\([^()]*\))?\s+AS\s+(?:NOT\s+)?(?:MATERIALIZED\s+)?\(/gi;

const known = new Map<string, QuerySummary>();

export function querySummary(text: string): QuerySummary {
  let found = known.get(text);
  if (!found) {
    const said = text.replaceAll(literalOrComment, (each) => (each.startsWith("'") ? each : ' ')).trim();
    found = {
      ...summarize(said.replaceAll(literalOrComment, ' ')),
      text: said.replaceAll(/\s+/g, ' '),
    };
    if (known.size >= mostKnown) known.clear();
    known.set(text, found);
  }
  return found;
}

function summarize(text: string): Omit<QuerySummary, 'text'> {
  const parts = new Set([...text.matchAll(part)].map(([, name = '']) => name.toLowerCase()));
  const words = [...text.matchAll(word)].map(([each]) => each);
  const done: { readonly operation: string; readonly tables: Set<string> }[] = [];
  for (const [at, each] of words.entries()) {
    const upper = each.toUpperCase();
    const before = words[at - 1]?.toUpperCase() ?? '';
    // `extract(epoch FROM …)` and its like name no table.
    const isArgument = upper === 'FROM' && words[at - 2] === '(' && !operations.has(before);
    if (isArgument || inert.has(`${before} ${upper}`)) continue;
    if (operations.has(upper)) done.push({ operation: upper, tables: new Set() });
    const table = leads.has(upper) ? tableAt(words, at + 1, upper) : undefined;
    if (table !== undefined && !parts.has(table.toLowerCase())) done.at(-1)?.tables.add(table);
  }
  const said = new Set(
    done
      .filter(({ tables }) => tables.size > 0)
      .map(({ operation, tables }) => [operation, ...tables].join(' ')),
  );
  const first = done[0]?.operation ?? (words[0] ?? 'SQL').toUpperCase();
  const summary = said.size > 0 ? [...said].join(' ') : first;
  return { summary: summary.slice(0, longest), operation: said.size > 1 ? undefined : summary.split(' ')[0] };
}

/** The table behind a word; a bracket or a function's name is none, but for INTO, whose table has its columns behind it. */
function tableAt(words: readonly string[], at: number, lead: string): string | undefined {
  const isOnly = words[at]?.toUpperCase() === 'ONLY';
  const name = words[isOnly ? at + 1 : at];
  if (
    name === undefined ||
    name === '(' ||
    operations.has(name.toUpperCase()) ||
    name.toUpperCase() === 'LATERAL'
  )
    return undefined;
  if (lead !== 'INTO' && words[(isOnly ? at + 1 : at) + 1] === '(') return undefined;
  return name.replaceAll('"', '');
}
