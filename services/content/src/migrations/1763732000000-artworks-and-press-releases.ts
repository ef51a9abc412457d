import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Artworks and press releases (content.md, Tables). */
export class ArtworksAndPressReleases1763732000000 implements MigrationInterface {
  name = 'ArtworksAndPressReleases1763732000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE artworks (
        resource_id uuid NOT NULL,
        image_url text NOT NULL,
        media_id uuid,
        medium text,
        year smallint,
        alt text,
        CONSTRAINT artworks_pkey PRIMARY KEY (resource_id),
        CONSTRAINT artworks_resource_fkey FOREIGN KEY (resource_id) REFERENCES resources (id) ON DELETE CASCADE
      );
      CREATE TABLE press_releases (
        resource_id uuid NOT NULL,
        body text NOT NULL,
        body_html text NOT NULL,
        contact text,
        boilerplate text,
        CONSTRAINT press_releases_pkey PRIMARY KEY (resource_id),
        CONSTRAINT press_releases_resource_fkey FOREIGN KEY (resource_id) REFERENCES resources (id) ON DELETE CASCADE
      );
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      DELETE FROM resources WHERE type IN ('artwork', 'press-release');
      DROP TABLE press_releases;
      DROP TABLE artworks;
    `);
  }
}
