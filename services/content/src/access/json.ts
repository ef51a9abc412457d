/** A time as JSON shows it: RFC 3339 in UTC with milliseconds. */
export const timeText = (column: string): string =>
  `to_char(${column} AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`;

/**
 * A JSON object written by Postgres, from expressions by field. It is as compact as JavaScript writes it, which
 * `json_build_object` is not.
 */
export function jsonOf(fields: Readonly<Record<string, string>>): string {
  const columns = Object.entries(fields).map(([name, sql]) => `${sql} AS "${name}"`);
  return `(SELECT row_to_json(o) FROM (SELECT ${columns.join(', ')}) o)`;
}
