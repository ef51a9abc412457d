import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Which users were deleted, and which services have erased what they held of them. */
export class Erasures1763740000000 implements MigrationInterface {
  name = 'Erasures1763740000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE erasures (
        user_id text NOT NULL,
        requested_at timestamptz(3) NOT NULL,
        CONSTRAINT erasures_pkey PRIMARY KEY (user_id)
      );
      CREATE TABLE erasure_completions (
        user_id text NOT NULL,
        service text NOT NULL,
        completed_at timestamptz(3) NOT NULL,
        CONSTRAINT erasure_completions_pkey PRIMARY KEY (user_id, service)
      );
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE erasure_completions; DROP TABLE erasures');
  }
}
