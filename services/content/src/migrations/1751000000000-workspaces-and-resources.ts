import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Workspaces, resources with authors, and links (content.md, Tables).
 *
 * Beside the columns of content.md a resource keeps its access path (authz.md, "The path of a resource"): who its authors
 * are, whether all of its author workspaces are public (`open`), whether rows about audiences stand on that path
 * (`static_rows`) and one of them lets everybody in (`opened`), so that reading one is reading one row. `shown` is what lists
 * show to everyone.
 * Keys for sorting and for beginnings (`name_key`, `title_key`) are lower case and compare by code point, so that they mean
 * the same on every server whatever its locale.
 */
export class WorkspacesAndResources1751000000000 implements MigrationInterface {
  name = 'WorkspacesAndResources1751000000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE workspaces (
        id uuid NOT NULL,
        name text NOT NULL,
        name_key text COLLATE "C" NOT NULL,
        slug text COLLATE "C" NOT NULL,
        description text,
        kind text NOT NULL,
        owner_type text NOT NULL,
        owner_id text NOT NULL,
        avatar_url text,
        banner_url text,
        theme_config jsonb,
        visibility text NOT NULL,
        static_rows boolean NOT NULL DEFAULT false,
        opened boolean NOT NULL DEFAULT false,
        access_version integer NOT NULL DEFAULT 1,
        created_at timestamptz(3) NOT NULL,
        updated_at timestamptz(3) NOT NULL,
        version integer NOT NULL DEFAULT 1,
        CONSTRAINT workspaces_pkey PRIMARY KEY (id),
        CONSTRAINT workspaces_slug_key UNIQUE (slug),
        CONSTRAINT workspaces_kind_check CHECK (kind IN ('artist', 'label', 'curator', 'press', 'other')),
        CONSTRAINT workspaces_owner_type_check CHECK (owner_type IN ('user', 'organization')),
        CONSTRAINT workspaces_visibility_check CHECK (visibility IN ('public', 'private'))
      );
      CREATE INDEX workspaces_visibility_created_idx ON workspaces (visibility, created_at DESC, id DESC);
      CREATE INDEX workspaces_visibility_name_idx ON workspaces (visibility, name_key, id);
      CREATE INDEX workspaces_owner_idx ON workspaces (owner_id, owner_type, created_at DESC, id DESC);
      CREATE INDEX workspaces_static_rows_idx ON workspaces (id) WHERE static_rows;

      CREATE TABLE resources (
        id uuid NOT NULL,
        short_id text COLLATE "C" NOT NULL,
        owner_type text NOT NULL,
        owner_id text NOT NULL,
        type text NOT NULL,
        title text,
        title_key text COLLATE "C",
        excerpt text,
        excerpt_given boolean NOT NULL DEFAULT false,
        status text NOT NULL,
        publish_at timestamptz(3),
        published_at timestamptz(3),
        author_workspaces uuid[] NOT NULL,
        author_users text[] NOT NULL,
        open boolean NOT NULL,
        shown boolean NOT NULL GENERATED ALWAYS AS (status = 'LISTED' AND published_at IS NOT NULL AND open) STORED,
        static_rows boolean NOT NULL DEFAULT false,
        opened boolean NOT NULL DEFAULT false,
        access_version integer NOT NULL DEFAULT 1,
        created_at timestamptz(3) NOT NULL,
        updated_at timestamptz(3) NOT NULL,
        version integer NOT NULL DEFAULT 1,
        CONSTRAINT resources_pkey PRIMARY KEY (id),
        CONSTRAINT resources_short_id_key UNIQUE (short_id),
        CONSTRAINT resources_owner_type_check CHECK (owner_type IN ('user', 'organization')),
        CONSTRAINT resources_status_check CHECK (status IN ('LISTED', 'UNLISTED'))
      );
      CREATE INDEX resources_shown_published_idx ON resources (shown, published_at DESC, id DESC);
      CREATE INDEX resources_shown_type_published_idx ON resources (shown, type, published_at DESC, id DESC);
      CREATE INDEX resources_shown_created_idx ON resources (shown, created_at DESC, id DESC);
      CREATE INDEX resources_shown_title_idx ON resources (shown, title_key, id);
      CREATE INDEX resources_owner_idx ON resources (owner_id, owner_type, created_at DESC, id DESC);
      CREATE INDEX resources_owner_hidden_idx ON resources (owner_id) WHERE NOT shown;
      CREATE INDEX resources_due_idx ON resources (publish_at) WHERE published_at IS NULL AND publish_at IS NOT NULL;
      CREATE INDEX resources_opened_idx ON resources (id) WHERE opened AND NOT shown;

      CREATE TABLE posts (
        resource_id uuid NOT NULL,
        body text NOT NULL,
        body_html text NOT NULL,
        featured_image text,
        CONSTRAINT posts_pkey PRIMARY KEY (resource_id),
        CONSTRAINT posts_resource_fkey FOREIGN KEY (resource_id) REFERENCES resources (id) ON DELETE CASCADE
      );

      CREATE TABLE resource_authors (
        resource_id uuid NOT NULL,
        author_type text NOT NULL,
        author_id text NOT NULL,
        accepted_at timestamptz(3),
        role text,
        position smallint NOT NULL,
        added_at timestamptz(3) NOT NULL,
        listed_at timestamptz(3),
        shown boolean NOT NULL DEFAULT false,
        CONSTRAINT resource_authors_pkey PRIMARY KEY (resource_id, author_type, author_id),
        CONSTRAINT resource_authors_resource_fkey FOREIGN KEY (resource_id) REFERENCES resources (id) ON DELETE CASCADE,
        CONSTRAINT resource_authors_type_check CHECK (author_type IN ('user', 'workspace'))
      );
      CREATE INDEX resource_authors_listed_idx ON resource_authors (author_id, author_type, listed_at DESC, resource_id DESC);
      CREATE INDEX resource_authors_hidden_idx ON resource_authors (author_id, resource_id) WHERE NOT shown;

      CREATE TABLE external_links (
        id uuid NOT NULL,
        subject_type text NOT NULL,
        subject_id uuid NOT NULL,
        position smallint NOT NULL,
        name text NOT NULL,
        url text NOT NULL,
        icon text,
        kind text NOT NULL,
        created_at timestamptz(3) NOT NULL,
        updated_at timestamptz(3) NOT NULL,
        CONSTRAINT external_links_pkey PRIMARY KEY (id),
        CONSTRAINT external_links_position_key UNIQUE (subject_type, subject_id, position) DEFERRABLE,
        CONSTRAINT external_links_subject_type_check CHECK (subject_type IN ('resource', 'workspace')),
        CONSTRAINT external_links_position_check CHECK (position BETWEEN 1 AND 50)
      );
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      DROP TABLE external_links;
      DROP TABLE resource_authors;
      DROP TABLE posts;
      DROP TABLE resources;
      DROP TABLE workspaces;
    `);
  }
}
