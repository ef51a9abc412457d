import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { Snapshot } from '@erato/contracts/content/revision';

@Entity('resource_revisions')
export class RevisionEntity {
  @PrimaryColumn('uuid', { name: 'resource_id' }) resourceId: string;
  /** The version that was replaced. */
  @PrimaryColumn('integer') version: number;
  @Column('jsonb') snapshot: Snapshot;
  @Column('text', { name: 'edited_by' }) editedBy: string;
  @Column({ type: 'timestamptz', name: 'edited_at', precision: 3 }) editedAt: Date;
}
