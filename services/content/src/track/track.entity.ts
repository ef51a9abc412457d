import { Column, Entity, PrimaryColumn } from 'typeorm';

@Entity('album_songs')
export class TrackEntity {
  @PrimaryColumn('uuid', { name: 'album_resource_id' }) albumId: string;
  @PrimaryColumn('uuid', { name: 'song_resource_id' }) songId: string;
  @Column('smallint', { name: 'track_number' }) trackNumber: number;
  @Column('smallint', { name: 'disc_number' }) discNumber: number;
}
