import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The actions and roles that stand from the start (authz.md); roles have the same ids in every installation. */
export class SystemRows1750000000001 implements MigrationInterface {
  name = 'SystemRows1750000000001';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      INSERT INTO permission_actions (slug, name, description, category, implies, is_system) VALUES
      ('create', 'Create', 'Make something new in it.', 'content', '{}', true),
      ('read', 'Read', 'See it.', 'content', '{}', true),
      ('update', 'Update', 'Change it.', 'content', '{read}', true),
      ('delete', 'Delete', 'Delete it.', 'content', '{read}', true),
      ('publish', 'Publish', 'Make it public.', 'content', '{read}', true),
      ('write', 'Write', 'Create, read and update.', 'content', '{create,read,update}', true),
      ('manage', 'Manage', 'Create, read, update and delete.', 'content', '{create,read,update,delete}', true),
      ('admin', 'Administer', 'Everything, and say who may do what.', 'admin',
        '{create,read,update,delete,publish,write,manage}', true);

      INSERT INTO roles (id, scope_type, scope_id, slug, name, grants, is_system)
      SELECT role.id::uuid, 'system', role.kind, role.slug, initcap(role.slug), role.grants::jsonb, true
      FROM (VALUES
      ('0197a000-0000-7000-8000-000000000001', 'organization', 'admin', '{}'),
      ('0197a000-0000-7000-8000-000000000002', 'organization', 'member',
        '{"organization":["read"],"workspace":["write"],"resource":["write"],"collection":["write"]}'),
      ('0197a000-0000-7000-8000-000000000003', 'organization', 'viewer',
        '{"organization":["read"],"workspace":["read"],"resource":["read"],"collection":["read"]}'),
      ('0197a000-0000-7000-8000-000000000004', 'workspace', 'admin',
        '{"workspace":["admin"],"resource":["admin"],"collection":["admin"]}'),
      ('0197a000-0000-7000-8000-000000000005', 'workspace', 'editor',
        '{"workspace":["write"],"resource":["write"],"collection":["write"]}'),
      ('0197a000-0000-7000-8000-000000000006', 'workspace', 'viewer',
        '{"workspace":["read"],"resource":["read"],"collection":["read"]}'),
      ('0197a000-0000-7000-8000-000000000007', 'artist_space', 'admin',
        '{"artist_space":["read","update"],"project":["create","read","update","delete"],
          "track":["create","read","update","delete"],"file":["create","read","update","delete"],
          "comment":["create","read","update","delete"],"member":["manage"]}'),
      ('0197a000-0000-7000-8000-000000000008', 'artist_space', 'editor',
        '{"artist_space":["read"],"project":["read"],"track":["read","update"],
          "file":["create","read","update"],"comment":["create","read","update","delete"]}'),
      ('0197a000-0000-7000-8000-000000000009', 'artist_space', 'viewer',
        '{"artist_space":["read"],"project":["read"],"track":["read"],"file":["read"],"comment":["create","read"]}'),
      ('0197a000-0000-7000-8000-000000000010', 'harbor', 'admin',
        '{"harbor":["read"],"content":["create","read","update","delete","publish"],
          "asset":["create","read","update","delete"],"blueprint":["manage"],"workflow":["manage"],
          "member":["manage"],"setting":["manage"]}'),
      ('0197a000-0000-7000-8000-000000000011', 'harbor', 'editor',
        '{"harbor":["read"],"blueprint":["read"],"workflow":["read"],
          "content":["create","read","update","delete"],"asset":["create","read","update","delete"]}'),
      ('0197a000-0000-7000-8000-000000000012', 'harbor', 'viewer',
        '{"harbor":["read"],"blueprint":["read"],"workflow":["read"],"content":["read"],"asset":["read"]}')
      ) AS role (id, kind, slug, grants);
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      DELETE FROM roles WHERE is_system;
      DELETE FROM permission_actions WHERE is_system;
    `);
  }
}
