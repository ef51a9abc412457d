import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { PermissionSubject, PermissionValue } from '@erato/contracts/authz/permission';

/** One explicit permission; unique by its first five columns (`permissions_key`). */
@Entity('permissions')
export class PermissionEntity {
  @PrimaryColumn({ type: 'uuid' }) id: string;
  @Column({ type: 'text', name: 'subject_type' }) subjectType: PermissionSubject;
  @Column({ type: 'text', name: 'subject_id' }) subjectId: string;
  @Column({ type: 'text', name: 'object_type' }) objectType: string;
  @Column({ type: 'text', name: 'object_id' }) objectId: string;
  @Column({ type: 'text' }) action: string;
  @Column({ type: 'text' }) value: PermissionValue;
  @Column({ type: 'timestamptz', precision: 3, name: 'expires_at', nullable: true }) expiresAt: Date | null;
  @Column({ type: 'text', name: 'created_by' }) createdBy: string;
  @Column({ type: 'integer' }) version: number;
  @Column({ type: 'timestamptz', precision: 3, name: 'created_at' }) createdAt: Date;
  @Column({ type: 'timestamptz', precision: 3, name: 'updated_at' }) updatedAt: Date;
}
