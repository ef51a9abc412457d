import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * The trail names users by pseudonyms, whose meaning stands in a table of its own and goes with the user (identity.md,
 * Erasure); and says who acted as an administrator (authz.md, rule 1). Entries from before are brought into that form once.
 */
export class Pseudonyms1763731000000 implements MigrationInterface {
  name = 'Pseudonyms1763731000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE pseudonyms (
        user_id text NOT NULL,
        pseudonym text NOT NULL,
        CONSTRAINT pseudonyms_pkey PRIMARY KEY (user_id),
        CONSTRAINT pseudonyms_pseudonym UNIQUE (pseudonym)
      );
      INSERT INTO pseudonyms (user_id, pseudonym)
      SELECT id, 'deleted_' || replace(gen_random_uuid()::text, '-', '') FROM (
        SELECT substr(split_part(actor, ' ', 1), 6) AS id FROM changes WHERE actor LIKE 'user:%'
        UNION SELECT before ->> 'subjectId' FROM changes WHERE before ->> 'subjectType' = 'user'
        UNION SELECT after ->> 'subjectId' FROM changes WHERE after ->> 'subjectType' = 'user') named;

      ALTER TABLE changes ADD COLUMN administrator boolean NOT NULL DEFAULT false;
      ALTER TABLE changes DISABLE TRIGGER changes_append_only;
      UPDATE changes c SET actor = 'user:' || p.pseudonym || substr(c.actor, length(split_part(c.actor, ' ', 1)) + 1)
        FROM pseudonyms p WHERE split_part(c.actor, ' ', 1) = 'user:' || p.user_id;
      UPDATE changes c SET before = jsonb_set(c.before, '{subjectId}', to_jsonb(p.pseudonym))
        FROM pseudonyms p WHERE c.before ->> 'subjectType' = 'user' AND c.before ->> 'subjectId' = p.user_id;
      UPDATE changes c SET after = jsonb_set(c.after, '{subjectId}', to_jsonb(p.pseudonym))
        FROM pseudonyms p WHERE c.after ->> 'subjectType' = 'user' AND c.after ->> 'subjectId' = p.user_id;
      ALTER TABLE changes ENABLE TRIGGER changes_append_only;

      CREATE INDEX changes_subject_idx ON changes (split_part(actor, ' ', 1), revision, id);
      CREATE INDEX permissions_created_by_idx ON permissions (split_part(created_by, ' ', 1));
      CREATE INDEX role_assignments_created_by_idx ON role_assignments (split_part(created_by, ' ', 1));
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      DROP INDEX role_assignments_created_by_idx, permissions_created_by_idx, changes_subject_idx;
      ALTER TABLE changes DISABLE TRIGGER changes_append_only;
      UPDATE changes c SET actor = 'user:' || p.user_id || substr(c.actor, length(split_part(c.actor, ' ', 1)) + 1)
        FROM pseudonyms p WHERE split_part(c.actor, ' ', 1) = 'user:' || p.pseudonym;
      UPDATE changes c SET before = jsonb_set(c.before, '{subjectId}', to_jsonb(p.user_id))
        FROM pseudonyms p WHERE c.before ->> 'subjectId' = p.pseudonym;
      UPDATE changes c SET after = jsonb_set(c.after, '{subjectId}', to_jsonb(p.user_id))
        FROM pseudonyms p WHERE c.after ->> 'subjectId' = p.pseudonym;
      ALTER TABLE changes ENABLE TRIGGER changes_append_only;
      ALTER TABLE changes DROP COLUMN administrator;
      DROP TABLE pseudonyms;
    `);
  }
}
