import { Column, Entity, PrimaryColumn } from 'typeorm';

@Entity('press_releases')
export class PressReleaseEntity {
  @PrimaryColumn('uuid', { name: 'resource_id' }) resourceId: string;
  @Column('text') body: string;
  @Column('text', { name: 'body_html' }) bodyHtml: string;
  @Column('text', { nullable: true }) contact: string | null;
  @Column('text', { nullable: true }) boilerplate: string | null;
}
