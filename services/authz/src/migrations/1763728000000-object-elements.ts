import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What lies above each object, and the indexes by which lists of what somebody may find their candidates. */
export class ObjectElements1763728000000 implements MigrationInterface {
  name = 'ObjectElements1763728000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE object_elements (
        element_type text NOT NULL,
        element_id text NOT NULL,
        object_type text NOT NULL,
        object_id text NOT NULL,
        CONSTRAINT object_elements_pkey PRIMARY KEY (element_type, element_id, object_type, object_id)
      );
      CREATE INDEX object_elements_object_idx ON object_elements (object_type, object_id);

      WITH RECURSIVE up AS (
        SELECT type AS object_type, id AS object_id, type, id, 0 AS depth FROM objects
        UNION
        SELECT u.object_type, u.object_id, p.type, p.id, u.depth + 1
        FROM up u JOIN objects o ON o.type = u.type AND o.id = u.id AND o.deleted_at IS NULL
        CROSS JOIN LATERAL (
          SELECT x.type, x.id FROM jsonb_to_recordset(o.parents) AS x (type text, id text)
          UNION SELECT 'organization', o.owner_id WHERE o.owner_type = 'organization') p
        WHERE u.depth < 12 AND (u.depth = 0 OR u.object_type <> 'resource'))
      INSERT INTO object_elements (element_type, element_id, object_type, object_id)
      SELECT DISTINCT type, id, object_type, object_id FROM up WHERE depth > 0;

      CREATE INDEX objects_owner_idx ON objects (owner_type, owner_id, type, id) WHERE owner_id IS NOT NULL;
      CREATE INDEX objects_everyone_idx ON objects (type, everyone, id) WHERE everyone <> '{}';
      CREATE INDEX permissions_allowed_idx ON permissions (subject_type, subject_id, object_type, object_id)
        WHERE value = 'allow';
      CREATE INDEX role_assignments_held_idx
        ON role_assignments (subject_type, subject_id, object_type, object_id);
      CREATE INDEX subjects_team_idx ON subjects (organization_id, id) WHERE organization_id IS NOT NULL;
      DROP INDEX subjects_organization_idx;
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE INDEX subjects_organization_idx ON subjects (organization_id) WHERE organization_id IS NOT NULL;
      DROP INDEX subjects_team_idx, role_assignments_held_idx, permissions_allowed_idx, objects_everyone_idx,
        objects_owner_idx;
      DROP TABLE object_elements;
    `);
  }
}
