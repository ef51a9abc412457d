import { Column, Entity, PrimaryColumn } from 'typeorm';

/** An action that permissions and roles name. */
@Entity('permission_actions')
export class PermissionActionEntity {
  @PrimaryColumn({ type: 'text' }) slug: string;
  @Column({ type: 'text' }) name: string;
  @Column({ type: 'text' }) description: string;
  @Column({ type: 'text' }) category: string;
  @Column({ type: 'text', array: true }) implies: string[];
  @Column({ type: 'boolean', name: 'is_system' }) isSystem: boolean;
  @Column({ type: 'integer' }) version: number;
  @Column({ type: 'timestamptz', precision: 3, name: 'created_at' }) createdAt: Date;
  @Column({ type: 'timestamptz', precision: 3, name: 'updated_at' }) updatedAt: Date;
}
