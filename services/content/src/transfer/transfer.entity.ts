import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { TransferStatus } from '@erato/contracts/content/transfer';
import type { OwnerType } from '@erato/contracts/content/workspace';

/** An offer of a workspace to another owner; one pending a workspace (`workspace_transfers_pending_key`). */
@Entity('workspace_transfers')
export class TransferEntity {
  @PrimaryColumn('uuid') id: string;
  @Column('uuid', { name: 'workspace_id' }) workspaceId: string;
  @Column('text', { name: 'from_type' }) fromType: OwnerType;
  @Column('text', { name: 'from_id' }) fromId: string;
  @Column('text', { name: 'to_type' }) toType: OwnerType;
  @Column('text', { name: 'to_id' }) toId: string;
  /** `pending` also when its time is over, until somebody touches it. */
  @Column('text') status: TransferStatus;
  @Column('text', { name: 'requested_by', nullable: true }) requestedBy: string | null;
  @Column({ type: 'timestamptz', name: 'created_at', precision: 3 }) createdAt: Date;
  @Column({ type: 'timestamptz', name: 'expires_at', precision: 3 }) expiresAt: Date;
  @Column({ type: 'timestamptz', name: 'decided_at', precision: 3, nullable: true }) decidedAt: Date | null;
  @Column('integer') version: number;
}
