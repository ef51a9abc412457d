import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { KeySubjectType } from '@erato/contracts/identity/api-key';
import type { Ceiling } from '@erato/contracts/kit/context';

/**
 * By which right a key was made, and for how long it therefore lives: `self`: the maker is the subject; `manager`: while
 * the maker may administer the subject; `admin`: while the maker is an administrator; `installation`: the admin key.
 */
export type MadeAs = 'self' | 'manager' | 'admin' | 'installation';

/** An API key. The key itself is nowhere: only its SHA-256. */
@Entity('api_keys')
export class ApiKeyEntity {
  @PrimaryColumn('uuid') id: string;
  @Column('text') name: string;
  @Column('text') prefix: string;
  @Column('text', { name: 'key_hash' }) keyHash: string;
  @Column('text', { name: 'subject_type' }) subjectType: KeySubjectType;
  @Column('text', { name: 'subject_id' }) subjectId: string;
  @Column('text', { array: true }) scopes: string[];
  @Column('jsonb', { nullable: true }) permissions: Ceiling | null;
  @Column('text', { name: 'created_by' }) createdBy: string;
  @Column('text', { name: 'created_by_type' }) createdByType: KeySubjectType;
  @Column('text', { name: 'made_as' }) madeAs: MadeAs;
  @Column('uuid', { name: 'parent_key_id', nullable: true }) parentKeyId: string | null;
  @Column('boolean') installation: boolean;
  @Column('integer') version: number;
  @Column({ type: 'timestamptz', name: 'created_at', precision: 3 }) createdAt: Date;
  @Column({ type: 'timestamptz', name: 'updated_at', precision: 3 }) updatedAt: Date;
  @Column({ type: 'timestamptz', name: 'expires_at', precision: 3, nullable: true }) expiresAt: Date | null;
  @Column({ type: 'timestamptz', name: 'last_used_at', precision: 3, nullable: true })
  lastUsedAt: Date | null;
  @Column({ type: 'timestamptz', name: 'revoked_at', precision: 3, nullable: true }) revokedAt: Date | null;
}

/** The columns of {@link ApiKeyEntity} but for the hash, named as its properties, for statements. */
export const apiKeyColumns = `k.id, k.name, k.prefix, k.subject_type AS "subjectType", k.subject_id AS "subjectId",
  k.scopes, k.permissions, k.created_by AS "createdBy", k.created_by_type AS "createdByType", k.made_as AS "madeAs",
  k.parent_key_id AS "parentKeyId", k.installation, k.version, k.created_at AS "createdAt",
  k.updated_at AS "updatedAt", k.expires_at AS "expiresAt", k.last_used_at AS "lastUsedAt",
  k.revoked_at AS "revokedAt"`;
