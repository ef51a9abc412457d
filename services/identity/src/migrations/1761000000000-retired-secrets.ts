import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Secrets that were rotated away and are in force for their grace, each with whom its right rests on. */
export class RetiredSecrets1761000000000 implements MigrationInterface {
  name = 'RetiredSecrets1761000000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE retired_secrets (
        key_hash text NOT NULL,
        key_id uuid NOT NULL,
        created_by text NOT NULL,
        created_by_type text NOT NULL,
        made_as text NOT NULL,
        expires_at timestamptz(3) NOT NULL,
        CONSTRAINT retired_secrets_pkey PRIMARY KEY (key_hash),
        CONSTRAINT retired_secrets_key_fkey FOREIGN KEY (key_id) REFERENCES api_keys (id)
      );
      CREATE INDEX retired_secrets_key_idx ON retired_secrets (key_id);
      CREATE INDEX retired_secrets_maker_idx ON retired_secrets (created_by_type, created_by);
      CREATE INDEX retired_secrets_expires_at_idx ON retired_secrets (expires_at);
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE retired_secrets');
  }
}
