import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What every service remembers of requests with an Idempotency-Key that it has carried out, for a day. */
export class KeptAnswers1764000000000 implements MigrationInterface {
  name = 'KeptAnswers1764000000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE kept_answers (
        name text CONSTRAINT kept_answers_pkey PRIMARY KEY,
        asked text NOT NULL,
        run uuid NOT NULL,
        body text,
        version text,
        location text,
        made_at timestamptz(3) NOT NULL DEFAULT now()
      );
      CREATE INDEX kept_answers_made_at_idx ON kept_answers (made_at);
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE kept_answers');
  }
}
