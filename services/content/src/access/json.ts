/**
 * A JSON object written by Postgres, from expressions by field. It is as compact as JavaScript writes it, which
 * `json_build_object` is not.
 */
export function jsonOf(fields: Readonly<Record<string, string>>): string {
  const columns = Object.entries(fields).map(([name, sql]) => `${sql} AS "${name}"`);
  return `(SELECT row_to_json(o) FROM (SELECT ${columns.join(', ')}) o)`;
}
