import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * What permissions say about workspaces and resources, as lists need it in SQL: a projection of authz's rows, kept
 * from its events. `says` columns hold what a row says about an action on objects of a type, by its strength: 0 nothing,
 * 1 a role's grant, 2 allow, 3 deny (authz.md, The decision). `rank` is the place of its voice in that order.
 */
export class AccessRows1751000000001 implements MigrationInterface {
  name = 'AccessRows1751000000001';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE access_rows (
        object_type text NOT NULL,
        object_id text COLLATE "C" NOT NULL,
        row_id uuid NOT NULL,
        subject_key text COLLATE "C" NOT NULL,
        rank smallint NOT NULL,
        role_id uuid,
        is_owner boolean NOT NULL,
        expires_at timestamptz(3),
        resource_read smallint NOT NULL,
        resource_update smallint NOT NULL,
        workspace_read smallint NOT NULL,
        workspace_update smallint NOT NULL,
        CONSTRAINT access_rows_pkey PRIMARY KEY (object_type, object_id, row_id)
      );
      CREATE INDEX access_rows_subject_idx ON access_rows (subject_key, object_type);
      CREATE INDEX access_rows_role_idx ON access_rows (role_id) WHERE role_id IS NOT NULL;

      CREATE TABLE access_stale (
        object_type text NOT NULL,
        object_id text COLLATE "C" NOT NULL,
        revision bigint NOT NULL,
        CONSTRAINT access_stale_pkey PRIMARY KEY (object_type, object_id)
      );
      CREATE INDEX access_stale_revision_idx ON access_stale (revision);

      CREATE TABLE access_heard (
        one boolean NOT NULL DEFAULT true,
        revision bigint NOT NULL,
        CONSTRAINT access_heard_pkey PRIMARY KEY (one),
        CONSTRAINT access_heard_one_check CHECK (one)
      );
      INSERT INTO access_heard (revision) VALUES (0);

      CREATE TABLE path_changes (
        workspace_id uuid NOT NULL,
        after_id uuid,
        CONSTRAINT path_changes_pkey PRIMARY KEY (workspace_id)
      );
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      DROP TABLE path_changes;
      DROP TABLE access_heard;
      DROP TABLE access_stale;
      DROP TABLE access_rows;
    `);
  }
}
