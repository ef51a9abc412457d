import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { RoleGrants, RoleScope } from '@erato/contracts/authz/role';

/** A bundle of grants; unique by scope and slug (`roles_slug`). */
@Entity('roles')
export class RoleEntity {
  @PrimaryColumn({ type: 'uuid' }) id: string;
  @Column({ type: 'text', name: 'scope_type' }) scopeType: RoleScope;
  /** Of a system role the kind of object for which it is offered. */
  @Column({ type: 'text', name: 'scope_id' }) scopeId: string;
  @Column({ type: 'text' }) slug: string;
  @Column({ type: 'text' }) name: string;
  @Column({ type: 'text' }) description: string;
  @Column({ type: 'jsonb' }) grants: RoleGrants;
  @Column({ type: 'boolean', name: 'is_system' }) isSystem: boolean;
  @Column({ type: 'integer' }) version: number;
  @Column({ type: 'timestamptz', precision: 3, name: 'created_at' }) createdAt: Date;
  @Column({ type: 'timestamptz', precision: 3, name: 'updated_at' }) updatedAt: Date;
}
