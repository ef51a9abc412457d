import type { MigrationInterface, QueryRunner } from 'typeorm';

const functions = {
  /**
   * A text as search compares it: letters without their marks and case, everything else a space. It knows Unicode by itself,
   * since the database's own locale is C. Other letters than these have no plain form and stay.
   */
  search_fold: `(value text) RETURNS text LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE COST 1000 SET search_path = pg_catalog AS $$
    SELECT btrim(regexp_replace(
      translate(replace(replace(replace(replace(
        regexp_replace(lower(normalize(value, NFKD) COLLATE "pg_c_utf8"), '[\\u0300-\\u036f]', '', 'g'),
        'ß', 'ss'), 'æ', 'ae'), 'œ', 'oe'), 'þ', 'th'), 'øłđðħı', 'olddhi') COLLATE "pg_c_utf8",
      '[^[:alnum:]]+', ' ', 'g')) $$`,
  /** Its beginning, as short as an index wants it. */
  search_title: `(value text) RETURNS text LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE COST 1000 SET search_path = pg_catalog, public AS $$
    SELECT left(search_fold(value), 100) $$`,
  /** The words of two texts. Longer ones are cut: Postgres bounds a word. */
  search_words: `(one text, other text) RETURNS tsvector LANGUAGE sql IMMUTABLE PARALLEL SAFE COST 1000 SET search_path = pg_catalog, public AS $$
    SELECT array_to_tsvector(string_to_array(
      regexp_replace(search_fold(coalesce(one, '') || ' ' || coalesce(other, '')), '([^ ]{60})[^ ]+', '\\1', 'g'), ' ')) $$`,
  /**
   * What asks for all words of a text, each as a beginning unless it is a single letter; null where there is none. Folding
   * leaves nothing that has a meaning in a query.
   */
  search_query: `(value text) RETURNS tsquery LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE SET search_path = pg_catalog, public AS $$
    SELECT string_agg('''' || left(word, 60) || '''' || CASE WHEN length(word) > 1 THEN ':*' ELSE '' END, ' & ')::tsquery
    FROM unnest((string_to_array(search_fold(value), ' '))[1:10]) word WHERE word <> '' $$`,
} as const;

/** Of resources only what lists show to somebody is searched at all. */
const searched = `WHERE status = 'LISTED' AND published_at IS NOT NULL`;

/** Full-text search with prefixes and tolerance of typos (content.md, Routes), in indexes alone: there is nothing to keep. */
export class Search1763739000000 implements MigrationInterface {
  name = 'Search1763739000000';

  async up(runner: QueryRunner): Promise<void> {
    // A trusted extension: who owns the database may make it.
    await runner.query('CREATE EXTENSION IF NOT EXISTS pg_trgm');
    for (const [name, definition] of Object.entries(functions)) {
      await runner.query(`CREATE FUNCTION ${name} ${definition}`);
    }
    await runner.query(`
      CREATE INDEX workspaces_search_words_idx ON workspaces USING gin (search_words(name, description));
      CREATE INDEX workspaces_search_alike_idx ON workspaces USING gin (search_title(name) gin_trgm_ops);
      CREATE INDEX workspaces_search_title_idx ON workspaces (visibility, search_title(name), id);
      CREATE INDEX resources_search_words_idx ON resources USING gin (search_words(title, excerpt)) ${searched};
      CREATE INDEX resources_search_alike_idx ON resources USING gin (search_title(title) gin_trgm_ops) ${searched};
      CREATE INDEX resources_search_title_idx ON resources (shown, search_title(title), id) ${searched};
    `);
    // How alike is alike enough; without it, as after a restore of the database alone, Postgres' own 0.6 holds.
    await runner.query(`
      DO $$ BEGIN EXECUTE format('ALTER DATABASE %I SET pg_trgm.word_similarity_threshold = 0.39', current_database()); END $$
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      DO $$ BEGIN EXECUTE format('ALTER DATABASE %I RESET pg_trgm.word_similarity_threshold', current_database()); END $$
    `);
    await runner.query(`
      DROP INDEX resources_search_title_idx, resources_search_alike_idx, resources_search_words_idx,
        workspaces_search_title_idx, workspaces_search_alike_idx, workspaces_search_words_idx;
      DROP FUNCTION search_query(text);
      DROP FUNCTION search_words(text, text);
      DROP FUNCTION search_title(text);
      DROP FUNCTION search_fold(text);
      DROP EXTENSION pg_trgm;
    `);
  }
}
