import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Clicks of links (content.md, Tables). `resource_clicks` is their sum, so that it need not be added up; `link_visitors` and
 * `visitor_salts` tell visitors apart within a day and are deleted after it.
 */
export class LinkClicks1763730000000 implements MigrationInterface {
  name = 'LinkClicks1763730000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE link_clicks (
        link_id uuid NOT NULL,
        hour timestamptz(0) NOT NULL,
        clicks integer NOT NULL,
        visitors integer NOT NULL,
        CONSTRAINT link_clicks_pkey PRIMARY KEY (link_id, hour),
        CONSTRAINT link_clicks_link_fkey FOREIGN KEY (link_id) REFERENCES external_links (id) ON DELETE CASCADE
      );

      CREATE TABLE resource_clicks (
        resource_id uuid NOT NULL,
        clicks bigint NOT NULL,
        CONSTRAINT resource_clicks_pkey PRIMARY KEY (resource_id),
        CONSTRAINT resource_clicks_resource_fkey FOREIGN KEY (resource_id) REFERENCES resources (id) ON DELETE CASCADE
      );

      CREATE TABLE link_visitors (
        link_id uuid NOT NULL,
        day date NOT NULL,
        sketch bytea NOT NULL,
        CONSTRAINT link_visitors_pkey PRIMARY KEY (link_id, day),
        CONSTRAINT link_visitors_link_fkey FOREIGN KEY (link_id) REFERENCES external_links (id) ON DELETE CASCADE
      );
      CREATE INDEX link_visitors_day_idx ON link_visitors (day);

      CREATE TABLE visitor_salts (
        day date NOT NULL,
        salt bytea NOT NULL,
        CONSTRAINT visitor_salts_pkey PRIMARY KEY (day)
      );
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      DROP TABLE visitor_salts;
      DROP TABLE link_visitors;
      DROP TABLE resource_clicks;
      DROP TABLE link_clicks;
    `);
  }
}
