import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Subjects that are gone leave a trace, so that an event which comes late does not bring them back: a digest, which tells of nobody who
 * was erased.
 */
export class GoneSubjects1763747400000 implements MigrationInterface {
  name = 'GoneSubjects1763747400000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE gone_subjects (
        digest bytea NOT NULL,
        gone_at timestamptz(3) NOT NULL DEFAULT now(),
        CONSTRAINT gone_subjects_pkey PRIMARY KEY (digest)
      );
      CREATE INDEX gone_subjects_gone_at_idx ON gone_subjects (gone_at);
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE gone_subjects');
  }
}
