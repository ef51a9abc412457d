import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Rebuilds of the mirror, one open at a time, and what the one under way has seen at WorkOS. */
export class SyncRuns1761000000001 implements MigrationInterface {
  name = 'SyncRuns1761000000001';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE sync_runs (
        id uuid NOT NULL,
        dry boolean NOT NULL,
        requested_at timestamptz(3) NOT NULL,
        started_at timestamptz(3),
        finished_at timestamptz(3),
        tries integer NOT NULL DEFAULT 0,
        counts jsonb NOT NULL DEFAULT '[]',
        trouble text,
        CONSTRAINT sync_runs_pkey PRIMARY KEY (id)
      );
      CREATE UNIQUE INDEX sync_runs_open_key ON sync_runs ((finished_at IS NULL)) WHERE finished_at IS NULL;
      CREATE UNLOGGED TABLE sync_seen (
        kind text NOT NULL,
        id text NOT NULL,
        CONSTRAINT sync_seen_pkey PRIMARY KEY (kind, id)
      );
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE sync_seen; DROP TABLE sync_runs');
  }
}
