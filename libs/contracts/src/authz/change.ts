import { calls, page, query } from '../kit/call.js';
import { notFound, permissionDenied } from '../kit/failure.js';
import { Flag, Id, JsonObject, Nullable, OneOf, Optional, Text, Timestamp, Whole } from '../kit/fields.js';
import { AuthzList, exampleId } from './list.js';

export type ChangeKind = 'permission' | 'role-assignment' | 'role' | 'permission-action';
export const changeKinds = ['permission', 'role-assignment', 'role', 'permission-action'] as const;
export type ChangeVerb = 'created' | 'updated' | 'deleted';

/** An entry of the audit trail: what was changed, by whom, before and after. Entries are never changed or deleted. */
export class PermissionChange {
  @Id() id: string;
  @Whole() revision: number;
  /** `user:<id> key:<id>`, `service:authz`, …; of a user who was erased a pseudonym that means nobody. */
  @Text({ max: 300 }) actor: string;
  /** Whether the scope `admin` was behind it. */
  @Flag() administrator: boolean;
  @OneOf(changeKinds) kind: ChangeKind;
  @OneOf(['created', 'updated', 'deleted']) verb: ChangeVerb;
  /** The id of the row that changed; of an action its slug. */
  @Text({ max: 64 }) rowId: string;
  /** The object on which the row stands; of a role its scope; null for actions. */
  @Text({ max: 40 }) @Nullable() objectType: string | null;
  @Text({ max: 64 }) @Nullable() objectId: string | null;
  @JsonObject({ maxBytes: 32_768 }) @Nullable() before: Readonly<Record<string, unknown>> | null;
  @JsonObject({ maxBytes: 32_768 }) @Nullable() after: Readonly<Record<string, unknown>> | null;
  @Timestamp() at: string;
}

export class ListPermissionChanges extends AuthzList {
  /** Entries with a greater revision than this. */
  @Whole() @Optional() revision?: number;
  /** The cursor of a page's end, or a revision, as in `revision`. */
  @Text({ max: 1000 }) @Optional() override after?: string;
  /** Everything that a subject did (`user:<id>`, with any of his keys), or did with one key (`user:<id> key:<id>`). */
  @Text({ min: 1, max: 300 }) @Optional() actor?: string;
  @Text({ min: 1, max: 40, pattern: /^[a-z][a-z_]*$/ }) @Optional() objectType?: string;
  @Text({ min: 1, max: 64, pattern: /^[A-Za-z0-9_-]+$/ }) @Optional() objectId?: string;
}

const row = {
  subjectType: 'user',
  subjectId: 'user_01JZX8K7M2',
  action: 'update',
  value: 'allow',
  expiresAt: null,
};

/** The audit trail of everything that says who may do what. */
export const permissionChanges = calls('authz.permission-change', {
  list: query({
    http: 'GET /permissions/changes',
    scope: 'permissions:read',
    request: ListPermissionChanges,
    reply: page(PermissionChange),
    fails: [notFound, permissionDenied],
    summary:
      'The audit trail after a revision, oldest first; of an object for who may `admin` it, whole for scope `admin`.',
    example: {
      request: { objectType: 'workspace', objectId: exampleId('2'), revision: 4700 },
      reply: {
        data: [
          {
            id: exampleId('99'),
            revision: 4711,
            actor: 'user:user_01JZX8K7A1',
            administrator: false,
            kind: 'permission',
            verb: 'created',
            rowId: exampleId('1'),
            objectType: 'workspace',
            objectId: exampleId('2'),
            before: null,
            after: row,
            at: '2026-03-01T10:00:00.000Z',
          },
        ],
        meta: { limit: 20, after: null, before: null },
      },
    },
  }),
});
