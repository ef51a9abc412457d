import { Column, Entity, PrimaryColumn } from 'typeorm';

export type MembershipStatus = 'active' | 'inactive' | 'pending';

/** WorkOS' membership of a user in an organization, mirrored. Only active ones count anywhere. */
@Entity('organization_memberships')
export class MembershipEntity {
  @PrimaryColumn('text') id: string;
  @Column('text', { name: 'user_id' }) userId: string;
  @Column('text', { name: 'organization_id' }) organizationId: string;
  @Column('text', { name: 'role_slug' }) roleSlug: string;
  @Column('text') status: MembershipStatus;
  @Column({ type: 'timestamptz', name: 'workos_created_at', precision: 3 }) workosCreatedAt: Date;
  @Column({ type: 'timestamptz', name: 'workos_updated_at', precision: 3 }) workosUpdatedAt: Date;
  @Column('integer') version: number;
}
