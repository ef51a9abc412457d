import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Offers of workspaces to other owners (content.md, Routes). */
export class WorkspaceTransfers1763730000002 implements MigrationInterface {
  name = 'WorkspaceTransfers1763730000002';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE workspace_transfers (
        id uuid NOT NULL,
        workspace_id uuid NOT NULL,
        from_type text NOT NULL,
        from_id text NOT NULL,
        to_type text NOT NULL,
        to_id text NOT NULL,
        status text NOT NULL,
        requested_by text,
        created_at timestamptz(3) NOT NULL,
        expires_at timestamptz(3) NOT NULL,
        decided_at timestamptz(3),
        version integer NOT NULL,
        CONSTRAINT workspace_transfers_pkey PRIMARY KEY (id),
        CONSTRAINT workspace_transfers_workspace_fkey FOREIGN KEY (workspace_id) REFERENCES workspaces (id) ON DELETE CASCADE,
        CONSTRAINT workspace_transfers_from_type_check CHECK (from_type IN ('user', 'organization')),
        CONSTRAINT workspace_transfers_to_type_check CHECK (to_type IN ('user', 'organization')),
        CONSTRAINT workspace_transfers_status_check
          CHECK (status IN ('pending', 'accepted', 'declined', 'cancelled', 'expired'))
      );
      CREATE UNIQUE INDEX workspace_transfers_pending_key ON workspace_transfers (workspace_id) WHERE status = 'pending';
      CREATE INDEX workspace_transfers_workspace_idx ON workspace_transfers (workspace_id);
      CREATE INDEX workspace_transfers_to_idx ON workspace_transfers (to_id);
      CREATE INDEX workspace_transfers_from_idx ON workspace_transfers (from_id);
      CREATE INDEX workspace_transfers_requested_by_idx ON workspace_transfers (requested_by) WHERE requested_by IS NOT NULL;
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE workspace_transfers');
  }
}
