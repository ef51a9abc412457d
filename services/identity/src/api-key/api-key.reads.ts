import { Injectable } from '@nestjs/common';
import { validate } from 'uuid';
import type { Page } from '@erato/contracts/kit/call';
import type { Context } from '@erato/contracts/kit/context';
import { Failure, invalidField, notFound } from '@erato/contracts/kit/failure';
import type { ApiKey, KeySubjectType, ListApiKeys } from '@erato/contracts/identity/api-key';
import { Db } from '@erato/platform/database/db';
import { statement } from '@erato/platform/database/statement';
import { Keyset } from '@erato/platform/paging/keyset';
import { ceilingAllows, isAdministrator } from '../access.js';
import { Conditions } from '../conditions.js';
import { apiKeyColumns, type ApiKeyEntity } from './api-key.entity.js';
import { apiKeyView } from './api-key-view.js';
import { KeyRights } from './key-right.js';

const byId = statement(
  `SELECT ${apiKeyColumns} FROM api_keys k WHERE k.id = $1 AND k.revoked_at IS NULL AND NOT k.installation`,
);
type KeyRow = Omit<ApiKeyEntity, 'keyHash'>;
type Row = KeyRow & Record<string, unknown>;

/** Keys, to those who may make them for the same subject. */
@Injectable()
export class ApiKeyReads {
  constructor(
    private readonly db: Db,
    private readonly rights: KeyRights,
  ) {}

  /** 404 for a key that the caller may not manage, as for one that is not there. */
  async require(context: Context, id: string): Promise<KeyRow> {
    const { caller } = context;
    const key = validate(id) ? await this.db.row<Row>(byId, [id]) : null;
    if (!key) throw notFound();
    if (key.id === caller.keyId) return key;
    if (!ceilingAllows(caller, key.subjectType, key.subjectId, 'admin')) throw notFound();
    await this.rights.of(context, key.subjectType, key.subjectId).catch((error: unknown) => {
      throw error instanceof Failure && error.kind === 'forbidden' ? notFound() : error;
    });
    return key;
  }

  async page(input: ListApiKeys, context: Context): Promise<Page<ApiKey>> {
    const { caller } = context;
    const subject = await this.#subject(input, context);
    const where = new Conditions('k.revoked_at IS NULL AND NOT k.installation');
    if (subject) {
      where.and('k.subject_type = ?', subject.type);
      if (subject.id !== undefined) where.and('k.subject_id = ?', subject.id);
    }
    if (caller.ceiling) where.and('k.id = ?', caller.keyId ?? null);
    const keyset = new Keyset(
      input,
      ['api-keys', subject?.type, subject?.id, caller.ceiling ? caller.keyId : null],
      { column: 'k.created_at', descending: true, type: 'timestamptz' },
      where.next,
      'k.id',
    );
    const text = `SELECT ${apiKeyColumns} FROM api_keys k WHERE ${where.text}${keyset.where}
      ORDER BY ${keyset.order} LIMIT ${where.limit(keyset)}`;
    const count = `SELECT count(*)::integer AS total FROM api_keys k WHERE ${where.text}`;
    const [rows, total] = await Promise.all([
      this.db.rows<Row>(statement(text), [...where.values, ...keyset.values, keyset.fetch]),
      input.count ? this.db.row<{ total: number }>(statement(count), where.values) : null,
    ]);
    const page = keyset.page(rows, (row) => ({ value: row.createdAt.toISOString(), id: row.id }), apiKeyView);
    return { data: page.data, meta: { ...page.meta, ...(total ? { total: total.total } : {}) } };
  }

  /** Whose keys are meant: the named subject's, else one's own, as an administrator everybody's. */
  async #subject(
    { subjectType, subjectId }: ListApiKeys,
    context: Context,
  ): Promise<{ type: KeySubjectType; id?: string } | null> {
    const { caller } = context;
    if (subjectId !== undefined && subjectType === undefined) {
      throw invalidField('subjectType', 'required', 'is needed beside subjectId');
    }
    if (isAdministrator(caller)) {
      if (subjectType === undefined) return null;
      return { type: subjectType, ...(subjectId === undefined ? {} : { id: subjectId }) };
    }
    if (caller.subjectType === 'guest') return { type: 'user', id: '' };
    const type = subjectType ?? caller.subjectType;
    const id = subjectId ?? (type === caller.subjectType ? caller.subjectId : undefined);
    if (id === undefined) throw invalidField('subjectId', 'required', 'is needed beside subjectType');
    await this.rights.of(context, type, id);
    return { type, id };
  }
}
