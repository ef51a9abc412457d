import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { ThemeConfig } from '@erato/contracts/identity/theme-config';
import type { OwnerType, Visibility, WorkspaceKind } from '@erato/contracts/content/workspace';

@Entity('workspaces')
export class WorkspaceEntity {
  @PrimaryColumn('uuid') id: string;
  @Column('text') name: string;
  /** The name as lists sort it and as its beginning is looked for: {@link sortKey}. */
  @Column('text', { name: 'name_key' }) nameKey: string;
  @Column('text') slug: string;
  @Column('text', { nullable: true }) description: string | null;
  @Column('text') kind: WorkspaceKind;
  @Column('text', { name: 'owner_type' }) ownerType: OwnerType;
  @Column('text', { name: 'owner_id' }) ownerId: string;
  @Column('text', { name: 'avatar_url', nullable: true }) avatarUrl: string | null;
  @Column('text', { name: 'banner_url', nullable: true }) bannerUrl: string | null;
  @Column('jsonb', { name: 'theme_config', nullable: true }) themeConfig: ThemeConfig | null;
  @Column('text') visibility: Visibility;
  /** Whether rows about audiences stand on it or its organization; kept by the projection of permissions. */
  @Column('boolean', { name: 'static_rows' }) staticRows: boolean;
  /** Whether one of those lets everybody, or everybody who is signed in, at what it has made. */
  @Column('boolean') opened: boolean;
  /** Counts up with what permissions must know of it. */
  @Column('integer', { name: 'access_version' }) accessVersion: number;
  @Column({ type: 'timestamptz', name: 'created_at', precision: 3 }) createdAt: Date;
  @Column({ type: 'timestamptz', name: 'updated_at', precision: 3 }) updatedAt: Date;
  @Column('integer') version: number;
}

/** A text as lists sort it: without regard to case, by code point. At most 300 code points go in. */
export const sortKey = (text: string): string => text.normalize('NFKC').toLowerCase().trim();
