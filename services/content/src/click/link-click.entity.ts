import { Column, Entity, PrimaryColumn } from 'typeorm';

/** Clicks of one link in one hour: numbers alone, nothing of those who clicked. */
@Entity('link_clicks')
export class LinkClickEntity {
  @PrimaryColumn('uuid', { name: 'link_id' }) linkId: string;
  @PrimaryColumn({ type: 'timestamptz', precision: 0 }) hour: Date;
  @Column('integer') clicks: number;
  /** About how many came in this hour who had not come before on that day. */
  @Column('integer') visitors: number;
}
