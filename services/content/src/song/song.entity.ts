import { Column, Entity, PrimaryColumn } from 'typeorm';

@Entity('songs')
export class SongEntity {
  @PrimaryColumn('uuid', { name: 'resource_id' }) resourceId: string;
  /** Seconds. */
  @Column('integer') duration: number;
  @Column('text', { nullable: true }) genre: string | null;
  @Column('date', { name: 'release_date', nullable: true }) releaseDate: string | null;
  @Column('text', { nullable: true }) isrc: string | null;
  @Column('text', { nullable: true }) iswc: string | null;
  @Column('text', { name: 'audio_url', nullable: true }) audioUrl: string | null;
  @Column('uuid', { name: 'media_id', nullable: true }) mediaId: string | null;
  @Column('uuid', { name: 'studio_track_id', nullable: true }) studioTrackId: string | null;
}
