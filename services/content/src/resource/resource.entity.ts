import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { ResourceStatus } from '@erato/contracts/content/resource';
import type { ResourceType } from '@erato/contracts/content/resource-parts';
import type { OwnerType } from '@erato/contracts/content/workspace';

@Entity('resources')
export class ResourceEntity {
  @PrimaryColumn('uuid') id: string;
  @Column('text', { name: 'short_id' }) shortId: string;
  @Column('text', { name: 'owner_type' }) ownerType: OwnerType;
  @Column('text', { name: 'owner_id' }) ownerId: string;
  @Column('text') type: ResourceType;
  @Column('text', { nullable: true }) title: string | null;
  @Column('text', { name: 'title_key', nullable: true }) titleKey: string | null;
  @Column('text', { nullable: true }) excerpt: string | null;
  /** Of a song: the key of its genre, by which lists are filtered. */
  @Column('text', { name: 'genre_key', nullable: true }) genreKey: string | null;
  /** False: it was cut from the body, and follows it. */
  @Column('boolean', { name: 'excerpt_given' }) excerptGiven: boolean;
  @Column('text') status: ResourceStatus;
  @Column({ type: 'timestamptz', name: 'publish_at', precision: 3, nullable: true }) publishAt: Date | null;
  @Column({ type: 'timestamptz', name: 'published_at', precision: 3, nullable: true })
  publishedAt: Date | null;
  /** The access path: workspaces and users that are authors and have accepted, in their order. */
  @Column('uuid', { name: 'author_workspaces', array: true }) authorWorkspaces: string[];
  @Column('text', { name: 'author_users', array: true }) authorUsers: string[];
  /** Whether all author workspaces are public; none counts as public. */
  @Column('boolean') open: boolean;
  /** Whether rows about audiences stand on its path; kept by the projection of permissions. */
  @Column('boolean', { name: 'static_rows' }) staticRows: boolean;
  /** Whether one of those lets everybody, or everybody who is signed in, at it. */
  @Column('boolean') opened: boolean;
  /** Counts up with what permissions must know of it. */
  @Column('integer', { name: 'access_version' }) accessVersion: number;
  @Column({ type: 'timestamptz', name: 'created_at', precision: 3 }) createdAt: Date;
  @Column({ type: 'timestamptz', name: 'updated_at', precision: 3 }) updatedAt: Date;
  @Column('integer') version: number;
}
