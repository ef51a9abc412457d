import { Column, Entity, PrimaryColumn } from 'typeorm';

@Entity('albums')
export class AlbumEntity {
  @PrimaryColumn('uuid', { name: 'resource_id' }) resourceId: string;
  @Column('date', { name: 'release_date', nullable: true }) releaseDate: string | null;
  @Column('text', { name: 'cover_art_url', nullable: true }) coverArtUrl: string | null;
  @Column('text', { nullable: true }) upc: string | null;
}
