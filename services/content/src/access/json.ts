/**
 * A JSON object written by Postgres, from expressions by field. It is as compact as JavaScript writes it, which
 * `json_build_object` is not.
 */
export function jsonOf(fields: Readonly<Record<string, string>>): string {
  const columns = Object.entries(fields).map(([name, sql]) => `${sql} AS "${name}"`);
  return `(SELECT row_to_json(o) FROM (SELECT ${columns.join(', ')}) o)`;
}

/** A time of Postgres in RFC 3339, UTC, with milliseconds. */
export const timeOf = (sql: string): string =>
  `to_char(${sql} AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`;
