import { Column, Entity, PrimaryColumn } from 'typeorm';

@Entity('posts')
export class PostEntity {
  @PrimaryColumn('uuid', { name: 'resource_id' }) resourceId: string;
  @Column('text') body: string;
  @Column('text', { name: 'body_html' }) bodyHtml: string;
  @Column('text', { name: 'featured_image', nullable: true }) featuredImage: string | null;
}
