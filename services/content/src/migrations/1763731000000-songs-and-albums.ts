import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Songs, albums and what stands on which (content.md, Tables). The key of a song's genre stands in the resource's row, where
 * lists filter by it in the order of their sort without reading another table.
 */
export class SongsAndAlbums1763731000000 implements MigrationInterface {
  name = 'SongsAndAlbums1763731000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE songs (
        resource_id uuid NOT NULL,
        duration integer NOT NULL,
        genre text,
        release_date date,
        isrc text COLLATE "C",
        iswc text COLLATE "C",
        audio_url text,
        media_id uuid,
        studio_track_id uuid,
        CONSTRAINT songs_pkey PRIMARY KEY (resource_id),
        CONSTRAINT songs_resource_fkey FOREIGN KEY (resource_id) REFERENCES resources (id) ON DELETE CASCADE,
        CONSTRAINT songs_duration_check CHECK (duration BETWEEN 0 AND 86400)
      );
      CREATE TABLE albums (
        resource_id uuid NOT NULL,
        release_date date,
        cover_art_url text,
        upc text COLLATE "C",
        CONSTRAINT albums_pkey PRIMARY KEY (resource_id),
        CONSTRAINT albums_resource_fkey FOREIGN KEY (resource_id) REFERENCES resources (id) ON DELETE CASCADE
      );
      CREATE TABLE album_songs (
        album_resource_id uuid NOT NULL,
        song_resource_id uuid NOT NULL,
        track_number smallint NOT NULL,
        disc_number smallint NOT NULL,
        CONSTRAINT album_songs_pkey PRIMARY KEY (album_resource_id, song_resource_id),
        CONSTRAINT album_songs_place_key UNIQUE (album_resource_id, disc_number, track_number) DEFERRABLE,
        CONSTRAINT album_songs_album_fkey FOREIGN KEY (album_resource_id) REFERENCES albums (resource_id) ON DELETE CASCADE,
        CONSTRAINT album_songs_song_fkey FOREIGN KEY (song_resource_id) REFERENCES songs (resource_id) ON DELETE CASCADE,
        CONSTRAINT album_songs_track_check CHECK (track_number >= 1),
        CONSTRAINT album_songs_disc_check CHECK (disc_number >= 1)
      );
      CREATE INDEX album_songs_song_idx ON album_songs (song_resource_id);

      ALTER TABLE resources ADD COLUMN genre_key text COLLATE "C";
      CREATE INDEX resources_genre_created_idx ON resources (genre_key, shown, created_at DESC, id DESC)
        WHERE genre_key IS NOT NULL;
      CREATE INDEX resources_genre_published_idx ON resources (genre_key, shown, published_at DESC, id DESC)
        WHERE genre_key IS NOT NULL;
      CREATE INDEX resources_genre_title_idx ON resources (genre_key, shown, title_key, id) WHERE genre_key IS NOT NULL;
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE resources DROP COLUMN genre_key;
      DROP TABLE album_songs;
      DELETE FROM resources WHERE type IN ('song', 'album');
      DROP TABLE albums;
      DROP TABLE songs;
    `);
  }
}
