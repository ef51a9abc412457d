import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { LinkKind } from '@erato/contracts/content/link';

export type LinkSubject = 'resource' | 'workspace';

@Entity('external_links')
export class LinkEntity {
  @PrimaryColumn('uuid') id: string;
  @Column('text', { name: 'subject_type' }) subjectType: LinkSubject;
  @Column('uuid', { name: 'subject_id' }) subjectId: string;
  @Column('smallint') position: number;
  @Column('text') name: string;
  @Column('text') url: string;
  @Column('text', { nullable: true }) icon: string | null;
  @Column('text') kind: LinkKind;
  @Column({ type: 'timestamptz', name: 'created_at', precision: 3 }) createdAt: Date;
  @Column({ type: 'timestamptz', name: 'updated_at', precision: 3 }) updatedAt: Date;
}
