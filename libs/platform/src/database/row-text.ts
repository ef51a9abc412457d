/** A row as Postgres wrote it: its values in the order of the columns, as texts. */
export type TextRow = readonly (string | null)[];

/** A list of items that Postgres never quotes: `uuid[]`. */
export const idsOf = (text: string): readonly string[] => (text === '{}' ? [] : text.slice(1, -1).split(','));
