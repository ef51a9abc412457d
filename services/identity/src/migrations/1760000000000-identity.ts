import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The tables of identity.md, and what the rules beside them need. */
export class Identity1760000000000 implements MigrationInterface {
  name = 'Identity1760000000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE users (
        id text NOT NULL,
        email text,
        email_verified boolean NOT NULL DEFAULT false,
        first_name text,
        last_name text,
        profile_picture_url text,
        external_id text,
        metadata jsonb NOT NULL DEFAULT '{}',
        workos_created_at timestamptz(3) NOT NULL,
        workos_updated_at timestamptz(3) NOT NULL,
        last_sign_in_at timestamptz(3),
        handle text,
        display_name text,
        avatar_url text,
        banner_url text,
        bio text,
        theme_config jsonb,
        preferences jsonb,
        version integer NOT NULL DEFAULT 1,
        updated_at timestamptz(3),
        deleted_at timestamptz(3),
        search tsvector GENERATED ALWAYS AS (
          to_tsvector('simple', replace(coalesce(handle, ''), '_', ' ') || ' ' || coalesce(display_name, ''))
        ) STORED,
        CONSTRAINT users_pkey PRIMARY KEY (id),
        CONSTRAINT users_handle_key UNIQUE (handle),
        CONSTRAINT users_handle_check CHECK (handle ~ '^[a-z0-9_]{3,30}$')
      );
      CREATE INDEX users_public_idx ON users (workos_created_at, id) WHERE deleted_at IS NULL AND handle IS NOT NULL;
      CREATE INDEX users_created_idx ON users (workos_created_at, id) WHERE deleted_at IS NULL;
      CREATE INDEX users_search_idx ON users USING gin (search) WHERE deleted_at IS NULL AND handle IS NOT NULL;

      CREATE TABLE organizations (
        workos_org_id text NOT NULL,
        name text NOT NULL,
        external_id text,
        metadata jsonb NOT NULL DEFAULT '{}',
        domains jsonb NOT NULL DEFAULT '[]',
        workos_created_at timestamptz(3) NOT NULL,
        workos_updated_at timestamptz(3) NOT NULL,
        avatar_url text,
        banner_url text,
        slug text,
        settings jsonb NOT NULL DEFAULT '{}',
        theme_config jsonb,
        home boolean NOT NULL DEFAULT false,
        deleting_at timestamptz(3),
        version integer NOT NULL DEFAULT 1,
        updated_at timestamptz(3),
        CONSTRAINT organizations_pkey PRIMARY KEY (workos_org_id),
        CONSTRAINT organizations_slug_key UNIQUE (slug)
      );
      CREATE UNIQUE INDEX organizations_home_key ON organizations (home) WHERE home;
      CREATE INDEX organizations_created_idx ON organizations (workos_created_at, workos_org_id);

      CREATE TABLE organization_memberships (
        id text NOT NULL,
        user_id text NOT NULL,
        organization_id text NOT NULL,
        role_slug text NOT NULL,
        status text NOT NULL,
        workos_created_at timestamptz(3) NOT NULL,
        workos_updated_at timestamptz(3) NOT NULL,
        version integer NOT NULL DEFAULT 1,
        CONSTRAINT organization_memberships_pkey PRIMARY KEY (id),
        CONSTRAINT organization_memberships_pair_key UNIQUE (user_id, organization_id),
        CONSTRAINT organization_memberships_status_check CHECK (status IN ('active', 'inactive', 'pending'))
      );
      CREATE INDEX organization_memberships_list_idx
        ON organization_memberships (organization_id, workos_created_at, id);

      CREATE TABLE teams (
        id uuid NOT NULL,
        organization_id text NOT NULL,
        name text NOT NULL,
        description text,
        owner_type text NOT NULL,
        owner_id text NOT NULL,
        version integer NOT NULL DEFAULT 1,
        created_at timestamptz(3) NOT NULL,
        updated_at timestamptz(3) NOT NULL,
        CONSTRAINT teams_pkey PRIMARY KEY (id),
        CONSTRAINT teams_organization_fkey FOREIGN KEY (organization_id) REFERENCES organizations (workos_org_id),
        CONSTRAINT teams_owner_type_check CHECK (owner_type IN ('organization', 'user'))
      );
      CREATE UNIQUE INDEX teams_name_key ON teams (organization_id, lower(name));
      CREATE INDEX teams_created_idx ON teams (created_at, id);
      CREATE INDEX teams_owner_idx ON teams (owner_id) WHERE owner_type = 'user';

      CREATE TABLE team_users (
        team_id uuid NOT NULL,
        user_id text NOT NULL,
        added_at timestamptz(3) NOT NULL,
        CONSTRAINT team_users_pkey PRIMARY KEY (team_id, user_id),
        CONSTRAINT team_users_team_fkey FOREIGN KEY (team_id) REFERENCES teams (id) ON DELETE CASCADE,
        CONSTRAINT team_users_user_fkey FOREIGN KEY (user_id) REFERENCES users (id)
      );
      CREATE INDEX team_users_user_idx ON team_users (user_id);
      CREATE INDEX team_users_list_idx ON team_users (team_id, added_at, user_id);

      CREATE TABLE api_keys (
        id uuid NOT NULL,
        name text NOT NULL,
        prefix text NOT NULL,
        key_hash text NOT NULL,
        subject_type text NOT NULL,
        subject_id text NOT NULL,
        scopes text[] NOT NULL,
        permissions jsonb,
        created_by text NOT NULL,
        created_by_type text NOT NULL,
        made_as text NOT NULL,
        parent_key_id uuid,
        installation boolean NOT NULL DEFAULT false,
        version integer NOT NULL DEFAULT 1,
        created_at timestamptz(3) NOT NULL,
        updated_at timestamptz(3) NOT NULL,
        expires_at timestamptz(3),
        last_used_at timestamptz(3),
        revoked_at timestamptz(3),
        CONSTRAINT api_keys_pkey PRIMARY KEY (id),
        CONSTRAINT api_keys_hash_key UNIQUE (key_hash),
        CONSTRAINT api_keys_parent_fkey FOREIGN KEY (parent_key_id) REFERENCES api_keys (id),
        CONSTRAINT api_keys_made_as_check CHECK (made_as IN ('self', 'manager', 'admin', 'installation'))
      );
      CREATE UNIQUE INDEX api_keys_installation_key ON api_keys (installation) WHERE installation;
      CREATE INDEX api_keys_list_idx ON api_keys (created_at, id) WHERE revoked_at IS NULL AND NOT installation;
      CREATE INDEX api_keys_subject_idx ON api_keys (subject_type, subject_id, created_at, id) WHERE revoked_at IS NULL;
      CREATE INDEX api_keys_maker_idx ON api_keys (created_by_type, created_by) WHERE revoked_at IS NULL;
      CREATE INDEX api_keys_parent_idx ON api_keys (parent_key_id);

      CREATE TABLE workos_cursor (
        reader text NOT NULL,
        event_id text NOT NULL,
        read_at timestamptz(3) NOT NULL,
        CONSTRAINT workos_cursor_pkey PRIMARY KEY (reader)
      );
      CREATE TABLE tombstones (
        id text NOT NULL,
        deleted_at timestamptz(3) NOT NULL DEFAULT now(),
        CONSTRAINT tombstones_pkey PRIMARY KEY (id)
      );
      CREATE INDEX tombstones_deleted_at_idx ON tombstones (deleted_at);
      CREATE TABLE revoked_sessions (
        session_id text NOT NULL,
        user_id text NOT NULL,
        revoked_at timestamptz(3) NOT NULL,
        CONSTRAINT revoked_sessions_pkey PRIMARY KEY (session_id)
      );
      CREATE INDEX revoked_sessions_revoked_at_idx ON revoked_sessions (revoked_at);
      CREATE TABLE sign_in_tries (
        account text NOT NULL,
        tried_at timestamptz(3) NOT NULL
      );
      CREATE INDEX sign_in_tries_account_idx ON sign_in_tries (account, tried_at);
      CREATE INDEX sign_in_tries_tried_at_idx ON sign_in_tries (tried_at);
      CREATE TABLE creations (
        fingerprint text NOT NULL,
        completed integer NOT NULL DEFAULT 0,
        begun_at timestamptz(3) NOT NULL,
        CONSTRAINT creations_pkey PRIMARY KEY (fingerprint)
      );
      CREATE INDEX creations_begun_at_idx ON creations (begun_at);
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      DROP TABLE creations; DROP TABLE sign_in_tries; DROP TABLE revoked_sessions; DROP TABLE tombstones;
      DROP TABLE workos_cursor; DROP TABLE api_keys; DROP TABLE team_users; DROP TABLE teams;
      DROP TABLE organization_memberships; DROP TABLE organizations; DROP TABLE users;
    `);
  }
}
