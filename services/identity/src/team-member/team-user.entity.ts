import { Column, Entity, PrimaryColumn } from 'typeorm';

/** That a user is in a team. */
@Entity('team_users')
export class TeamUserEntity {
  @PrimaryColumn('uuid', { name: 'team_id' }) teamId: string;
  @PrimaryColumn('text', { name: 'user_id' }) userId: string;
  @Column({ type: 'timestamptz', name: 'added_at', precision: 3 }) addedAt: Date;
}
