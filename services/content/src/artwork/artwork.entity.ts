import { Column, Entity, PrimaryColumn } from 'typeorm';

@Entity('artworks')
export class ArtworkEntity {
  @PrimaryColumn('uuid', { name: 'resource_id' }) resourceId: string;
  @Column('text', { name: 'image_url' }) imageUrl: string;
  @Column('uuid', { name: 'media_id', nullable: true }) mediaId: string | null;
  @Column('text', { nullable: true }) medium: string | null;
  @Column('smallint', { nullable: true }) year: number | null;
  @Column('text', { nullable: true }) alt: string | null;
}
