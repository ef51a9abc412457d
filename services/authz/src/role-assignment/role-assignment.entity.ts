import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { MemberType } from '@erato/contracts/authz/role-assignment';

/** A role of somebody on an object; unique by role, subject and object (`role_assignments_key`). */
@Entity('role_assignments')
export class RoleAssignmentEntity {
  @PrimaryColumn({ type: 'uuid' }) id: string;
  @Column({ type: 'uuid', name: 'role_id' }) roleId: string;
  @Column({ type: 'text', name: 'subject_type' }) subjectType: MemberType;
  @Column({ type: 'text', name: 'subject_id' }) subjectId: string;
  @Column({ type: 'text', name: 'object_type' }) objectType: string;
  @Column({ type: 'text', name: 'object_id' }) objectId: string;
  @Column({ type: 'boolean', name: 'is_owner' }) isOwner: boolean;
  @Column({ type: 'timestamptz', precision: 3, name: 'expires_at', nullable: true }) expiresAt: Date | null;
  @Column({ type: 'text', name: 'created_by' }) createdBy: string;
  @Column({ type: 'integer' }) version: number;
  @Column({ type: 'timestamptz', precision: 3, name: 'created_at' }) createdAt: Date;
  @Column({ type: 'timestamptz', precision: 3, name: 'updated_at' }) updatedAt: Date;
}
