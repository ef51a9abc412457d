import { Column, Entity, PrimaryColumn } from 'typeorm';

/** A team of an organization. */
@Entity('teams')
export class TeamEntity {
  @PrimaryColumn('uuid') id: string;
  @Column('text', { name: 'organization_id' }) organizationId: string;
  @Column('text') name: string;
  @Column('text', { nullable: true }) description: string | null;
  @Column('text', { name: 'owner_type' }) ownerType: 'organization' | 'user';
  @Column('text', { name: 'owner_id' }) ownerId: string;
  @Column('integer') version: number;
  @Column({ type: 'timestamptz', name: 'created_at', precision: 3 }) createdAt: Date;
  @Column({ type: 'timestamptz', name: 'updated_at', precision: 3 }) updatedAt: Date;
}

/** The columns of {@link TeamEntity}, named as its properties, for statements. */
export const teamColumns = `t.id, t.organization_id AS "organizationId", t.name, t.description,
  t.owner_type AS "ownerType", t.owner_id AS "ownerId", t.version, t.created_at AS "createdAt",
  t.updated_at AS "updatedAt"`;
