import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What updates of resources replaced (content.md, Tables). Who is deleted is found in them by two indexes. */
export class ResourceRevisions1763733000000 implements MigrationInterface {
  name = 'ResourceRevisions1763733000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE resource_revisions (
        resource_id uuid NOT NULL,
        version integer NOT NULL,
        snapshot jsonb NOT NULL,
        edited_by text COLLATE "C" NOT NULL,
        edited_at timestamptz(3) NOT NULL,
        CONSTRAINT resource_revisions_pkey PRIMARY KEY (resource_id, version),
        CONSTRAINT resource_revisions_resource_fkey FOREIGN KEY (resource_id) REFERENCES resources (id) ON DELETE CASCADE
      );
      CREATE INDEX resource_revisions_editor_idx ON resource_revisions (edited_by);
      CREATE INDEX resource_revisions_authors_idx ON resource_revisions USING gin ((snapshot -> 'authors') jsonb_path_ops);
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE resource_revisions');
  }
}
