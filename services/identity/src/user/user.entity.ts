import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { Preferences } from '@erato/contracts/identity/preferences';
import type { ThemeConfig } from '@erato/contracts/identity/theme-config';

/** A user: what WorkOS owns, mirrored, and what Erato owns (identity.md, Tables). A deleted one keeps its id alone. */
@Entity('users')
export class UserEntity {
  @PrimaryColumn('text') id: string;
  @Column('text', { nullable: true }) email: string | null;
  @Column('boolean', { name: 'email_verified' }) emailVerified: boolean;
  @Column('text', { name: 'first_name', nullable: true }) firstName: string | null;
  @Column('text', { name: 'last_name', nullable: true }) lastName: string | null;
  @Column('text', { name: 'profile_picture_url', nullable: true }) profilePictureUrl: string | null;
  @Column('text', { name: 'external_id', nullable: true }) externalId: string | null;
  @Column('jsonb') metadata: Record<string, string>;
  @Column({ type: 'timestamptz', name: 'workos_created_at', precision: 3 }) workosCreatedAt: Date;
  @Column({ type: 'timestamptz', name: 'workos_updated_at', precision: 3 }) workosUpdatedAt: Date;
  @Column({ type: 'timestamptz', name: 'last_sign_in_at', precision: 3, nullable: true })
  lastSignInAt: Date | null;
  @Column('text', { nullable: true }) handle: string | null;
  @Column('text', { name: 'display_name', nullable: true }) displayName: string | null;
  @Column('text', { name: 'avatar_url', nullable: true }) avatarUrl: string | null;
  @Column('text', { name: 'banner_url', nullable: true }) bannerUrl: string | null;
  @Column('text', { nullable: true }) bio: string | null;
  @Column('jsonb', { name: 'theme_config', nullable: true }) themeConfig: ThemeConfig | null;
  @Column('jsonb', { nullable: true }) preferences: Preferences | null;
  @Column('integer') version: number;
  /** The last change of a field that Erato owns. */
  @Column({ type: 'timestamptz', name: 'updated_at', precision: 3, nullable: true }) updatedAt: Date | null;
  @Column({ type: 'timestamptz', name: 'deleted_at', precision: 3, nullable: true }) deletedAt: Date | null;
}

/** The columns of {@link UserEntity}, named as its properties, for statements. */
export const userColumns = `u.id, u.email, u.email_verified AS "emailVerified", u.first_name AS "firstName",
  u.last_name AS "lastName", u.profile_picture_url AS "profilePictureUrl", u.external_id AS "externalId", u.metadata,
  u.workos_created_at AS "workosCreatedAt", u.workos_updated_at AS "workosUpdatedAt",
  u.last_sign_in_at AS "lastSignInAt", u.handle, u.display_name AS "displayName", u.avatar_url AS "avatarUrl",
  u.banner_url AS "bannerUrl", u.bio, u.theme_config AS "themeConfig", u.preferences, u.version,
  u.updated_at AS "updatedAt", u.deleted_at AS "deletedAt"`;
