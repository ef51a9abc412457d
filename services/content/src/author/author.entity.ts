import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { AuthorType } from '@erato/contracts/content/author';

@Entity('resource_authors')
export class AuthorEntity {
  @PrimaryColumn('uuid', { name: 'resource_id' }) resourceId: string;
  @PrimaryColumn('text', { name: 'author_type' }) authorType: AuthorType;
  @PrimaryColumn('text', { name: 'author_id' }) authorId: string;
  @Column({ type: 'timestamptz', name: 'accepted_at', precision: 3, nullable: true }) acceptedAt: Date | null;
  @Column('text', { nullable: true }) role: string | null;
  @Column('smallint') position: number;
  @Column({ type: 'timestamptz', name: 'added_at', precision: 3 }) addedAt: Date;
  /** When the resource was published, while it is listed and this author has accepted: profiles are read from it. */
  @Column({ type: 'timestamptz', name: 'listed_at', precision: 3, nullable: true }) listedAt: Date | null;
  /** Whether the resource is shown to everyone, as its own row says. */
  @Column('boolean') shown: boolean;
}
