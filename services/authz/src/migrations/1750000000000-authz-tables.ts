import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Every table of authz.md, "Tables", and what keeps them: the revision, the subjects that are known, pending removals. */
export class AuthzTables1750000000000 implements MigrationInterface {
  name = 'AuthzTables1750000000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE revision (
        one boolean NOT NULL DEFAULT true CONSTRAINT revision_one CHECK (one),
        value bigint NOT NULL,
        CONSTRAINT revision_pkey PRIMARY KEY (one)
      );
      INSERT INTO revision (value) VALUES (0);

      CREATE TABLE permission_actions (
        slug text NOT NULL,
        name text NOT NULL,
        description text NOT NULL DEFAULT '',
        category text NOT NULL,
        implies text[] NOT NULL DEFAULT '{}',
        is_system boolean NOT NULL DEFAULT false,
        version integer NOT NULL DEFAULT 1,
        created_at timestamptz(3) NOT NULL DEFAULT now(),
        updated_at timestamptz(3) NOT NULL DEFAULT now(),
        CONSTRAINT permission_actions_pkey PRIMARY KEY (slug)
      );

      CREATE TABLE permissions (
        id uuid NOT NULL,
        subject_type text NOT NULL CONSTRAINT permissions_subject_type
          CHECK (subject_type IN ('user', 'team', 'organization', 'static')),
        subject_id text NOT NULL,
        object_type text NOT NULL,
        object_id text NOT NULL,
        action text NOT NULL,
        value text NOT NULL CONSTRAINT permissions_value CHECK (value IN ('allow', 'deny', 'unset')),
        expires_at timestamptz(3),
        created_by text NOT NULL,
        version integer NOT NULL DEFAULT 1,
        created_at timestamptz(3) NOT NULL DEFAULT now(),
        updated_at timestamptz(3) NOT NULL DEFAULT now(),
        CONSTRAINT permissions_pkey PRIMARY KEY (id),
        CONSTRAINT permissions_key UNIQUE (subject_type, subject_id, object_type, object_id, action),
        CONSTRAINT permissions_action_fkey FOREIGN KEY (action) REFERENCES permission_actions (slug)
      );
      CREATE INDEX permissions_object_idx ON permissions (object_type, object_id, created_at, id);
      CREATE INDEX permissions_subject_idx ON permissions (subject_type, subject_id, created_at, id);
      CREATE INDEX permissions_action_idx ON permissions (action);
      CREATE INDEX permissions_expires_at_idx ON permissions (expires_at) WHERE expires_at IS NOT NULL;

      CREATE TABLE roles (
        id uuid NOT NULL,
        scope_type text NOT NULL CONSTRAINT roles_scope_type
          CHECK (scope_type IN ('system', 'organization', 'workspace', 'artist_space', 'harbor')),
        scope_id text NOT NULL,
        slug text NOT NULL,
        name text NOT NULL,
        description text NOT NULL DEFAULT '',
        grants jsonb NOT NULL,
        is_system boolean NOT NULL DEFAULT false,
        version integer NOT NULL DEFAULT 1,
        created_at timestamptz(3) NOT NULL DEFAULT now(),
        updated_at timestamptz(3) NOT NULL DEFAULT now(),
        CONSTRAINT roles_pkey PRIMARY KEY (id),
        CONSTRAINT roles_slug UNIQUE (scope_type, scope_id, slug)
      );

      CREATE TABLE role_assignments (
        id uuid NOT NULL,
        role_id uuid NOT NULL,
        subject_type text NOT NULL CONSTRAINT role_assignments_subject_type
          CHECK (subject_type IN ('user', 'team', 'organization')),
        subject_id text NOT NULL,
        object_type text NOT NULL,
        object_id text NOT NULL,
        is_owner boolean NOT NULL DEFAULT false,
        expires_at timestamptz(3),
        created_by text NOT NULL,
        version integer NOT NULL DEFAULT 1,
        created_at timestamptz(3) NOT NULL DEFAULT now(),
        updated_at timestamptz(3) NOT NULL DEFAULT now(),
        CONSTRAINT role_assignments_pkey PRIMARY KEY (id),
        CONSTRAINT role_assignments_key UNIQUE (role_id, subject_type, subject_id, object_type, object_id),
        CONSTRAINT role_assignments_role_fkey FOREIGN KEY (role_id) REFERENCES roles (id)
      );
      CREATE INDEX role_assignments_object_idx ON role_assignments (object_type, object_id, created_at, id);
      CREATE INDEX role_assignments_subject_idx ON role_assignments (subject_type, subject_id, created_at, id);
      CREATE INDEX role_assignments_expires_at_idx ON role_assignments (expires_at) WHERE expires_at IS NOT NULL;

      CREATE TABLE subjects (
        type text NOT NULL CONSTRAINT subjects_type CHECK (type IN ('user', 'team', 'organization')),
        id text NOT NULL,
        organization_id text,
        home boolean NOT NULL DEFAULT false,
        CONSTRAINT subjects_pkey PRIMARY KEY (type, id)
      );
      CREATE INDEX subjects_organization_idx ON subjects (organization_id) WHERE organization_id IS NOT NULL;

      CREATE TABLE principals (
        subject_type text NOT NULL,
        subject_id text NOT NULL,
        kind text NOT NULL CONSTRAINT principals_kind
          CHECK (kind IN ('team', 'organization', 'follower', 'subscriber')),
        principal_id text NOT NULL,
        role_slug text,
        active boolean NOT NULL,
        stated_at timestamptz(3),
        CONSTRAINT principals_pkey PRIMARY KEY (subject_type, subject_id, kind, principal_id)
      );
      CREATE INDEX principals_principal_idx ON principals (kind, principal_id, subject_id) WHERE active;

      CREATE TABLE objects (
        type text NOT NULL,
        id text NOT NULL,
        parents jsonb NOT NULL,
        owner_type text CONSTRAINT objects_owner_type CHECK (owner_type IN ('user', 'organization')),
        owner_id text,
        everyone text[] NOT NULL,
        read_as text NOT NULL CONSTRAINT objects_read_as CHECK (read_as IN ('read', 'update')),
        version bigint NOT NULL,
        deleted_at timestamptz(3),
        CONSTRAINT objects_pkey PRIMARY KEY (type, id)
      );

      CREATE TABLE changes (
        revision bigint NOT NULL,
        id uuid NOT NULL,
        actor text NOT NULL,
        kind text NOT NULL,
        verb text NOT NULL CONSTRAINT changes_verb CHECK (verb IN ('created', 'updated', 'deleted')),
        row_id text NOT NULL,
        object_type text,
        object_id text,
        before jsonb,
        after jsonb,
        at timestamptz(3) NOT NULL DEFAULT now(),
        CONSTRAINT changes_pkey PRIMARY KEY (revision, id)
      );
      CREATE INDEX changes_object_idx ON changes (object_type, object_id, revision, id);
      CREATE INDEX changes_actor_idx ON changes (actor, revision, id);
      CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
          RAISE EXCEPTION 'the trail is append-only' USING ERRCODE = 'restrict_violation';
        END $$;
      CREATE TRIGGER changes_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON changes
        FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

      CREATE TABLE removals (
        kind text NOT NULL CONSTRAINT removals_kind CHECK (kind IN ('object', 'subject')),
        type text NOT NULL,
        id text NOT NULL,
        asked_at timestamptz(3) NOT NULL DEFAULT now(),
        CONSTRAINT removals_pkey PRIMARY KEY (kind, type, id)
      );
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      DROP TABLE removals, changes, objects, principals, subjects, role_assignments, roles, permissions,
        permission_actions, revision;
      DROP FUNCTION refuse_change();
    `);
  }
}
