import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { ThemeConfig } from '@erato/contracts/identity/theme-config';

/** A domain as WorkOS keeps it. */
export interface OrganizationDomain {
  readonly domain: string;
  readonly state: string;
}

/** An organization: what WorkOS owns, mirrored, and what Erato owns (identity.md, Tables). */
@Entity('organizations')
export class OrganizationEntity {
  @PrimaryColumn('text', { name: 'workos_org_id' }) id: string;
  @Column('text') name: string;
  @Column('text', { name: 'external_id', nullable: true }) externalId: string | null;
  @Column('jsonb') metadata: Record<string, string>;
  @Column('jsonb') domains: OrganizationDomain[];
  @Column({ type: 'timestamptz', name: 'workos_created_at', precision: 3 }) workosCreatedAt: Date;
  @Column({ type: 'timestamptz', name: 'workos_updated_at', precision: 3 }) workosUpdatedAt: Date;
  @Column('text', { name: 'avatar_url', nullable: true }) avatarUrl: string | null;
  @Column('text', { name: 'banner_url', nullable: true }) bannerUrl: string | null;
  @Column('text', { nullable: true }) slug: string | null;
  @Column('jsonb') settings: Record<string, unknown>;
  @Column('jsonb', { name: 'theme_config', nullable: true }) themeConfig: ThemeConfig | null;
  @Column('boolean') home: boolean;
  /** Since when it is being deleted: nothing new comes under it. */
  @Column({ type: 'timestamptz', name: 'deleting_at', precision: 3, nullable: true }) deletingAt: Date | null;
  @Column('integer') version: number;
  /** The last change of a field that Erato owns. */
  @Column({ type: 'timestamptz', name: 'updated_at', precision: 3, nullable: true }) updatedAt: Date | null;
}

/** The columns of {@link OrganizationEntity}, named as its properties, for statements. */
export const organizationColumns = `o.workos_org_id AS id, o.name, o.external_id AS "externalId", o.metadata, o.domains,
  o.workos_created_at AS "workosCreatedAt", o.workos_updated_at AS "workosUpdatedAt", o.avatar_url AS "avatarUrl",
  o.banner_url AS "bannerUrl", o.slug, o.settings, o.theme_config AS "themeConfig", o.home,
  o.deleting_at AS "deletingAt", o.version, o.updated_at AS "updatedAt"`;
