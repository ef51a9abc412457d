import { calls, command, nothing, one, page, query } from '../kit/call.js';
import {
  Example,
  Id,
  JsonObject,
  MapOf,
  Nullable,
  OneOf,
  Optional,
  Text,
  TextList,
  Timestamp,
  Whole,
  WordList,
} from '../kit/fields.js';
import { scopes, type Ceiling } from '../kit/context.js';
import { failure, notFound, permissionDenied, preconditionFailed } from '../kit/failure.js';
import { PageQuery } from '../kit/page-query.js';
import { workosUnavailable } from './workos.js';

/** A key can be narrowed, never widened. */
export const onlyNarrower = failure('conflict', 'only_narrower', 'A key can only be narrowed.');
/** At most 200 keys in force a subject. */
export const tooManyKeys = failure(
  'conflict',
  'too_many_keys',
  'The subject has as many keys as it may have.',
);

/** At most 5 secrets of a key are in their grace at a time. */
export const tooManySecrets = failure(
  'conflict',
  'too_many_secrets',
  'As many old secrets of the key are still in force as may be.',
);
/** It is over: a new secret would open nothing. */
export const keyExpired = failure('conflict', 'key_expired', 'The key has expired.');

export const keySubjectTypes = ['user', 'organization', 'workspace', 'harbor'] as const;
export type KeySubjectType = (typeof keySubjectTypes)[number];

/** An API key, without its secret. */
export class ApiKey {
  @Id() @Example('01926f80-6a11-7c3e-8f02-5b9d4e7a1c33') id: string;
  @Text({ max: 100 }) name: string;
  /** The first 12 characters, by which one recognises it. */
  @Text({ max: 12 }) prefix: string;
  /** As whom it calls. */
  @OneOf(keySubjectTypes) subjectType: KeySubjectType;
  @Text({ max: 64 }) subjectId: string;
  @TextList({ max: 64, length: 64 }) scopes: string[];
  /** A ceiling on what it may do (authz.md); null: its scopes alone bound it. */
  @JsonObject({ maxBytes: 16_384 }) @Nullable() permissions: Ceiling | null;
  /** Who made it: a user, or the subject of the key that made it. */
  @Text({ max: 64 }) createdBy: string;
  /** The key that made it, with which it ends. */
  @Id() @Nullable() parentKeyId: string | null;
  @Timestamp() createdAt: string;
  @Timestamp() updatedAt: string;
  /** Null: it does not expire. */
  @Timestamp() @Nullable() expiresAt: string | null;
  /** To the minute. */
  @Timestamp() @Nullable() lastUsedAt: string | null;
  @Whole() version: number;
}

/** A new key, with its secret: it is shown here and never again. */
export class NewApiKey extends ApiKey {
  @Text({ max: 100 }) secret: string;
}

/** What a ceiling allows on objects of one type, and with `ids` on these alone. */
export class CeilingEntry {
  @TextList({ max: 40, length: 40, pattern: /^[a-z][a-z0-9_.-]*$/ }) actions: string[];
  @TextList({ max: 100, length: 64, pattern: /^[A-Za-z0-9_-]+$/ }) @Optional() ids?: string[];
}

export class ListApiKeys extends PageQuery {
  /** Oneself when left out; administrators then see all. */
  @OneOf(keySubjectTypes) @Optional() subjectType?: KeySubjectType;
  @Text({ min: 1, max: 64 }) @Optional() subjectId?: string;
}

export class GetApiKey {
  @Text({ min: 1, max: 200 }) id: string;
}

export class CreateApiKey {
  @Text({ min: 1, max: 100, pattern: /\S/ }) name: string;
  @OneOf(keySubjectTypes) subjectType: KeySubjectType;
  @Text({ min: 1, max: 64 }) subjectId: string;
  /** None that the maker lacks. */
  @WordList(scopes) scopes: string[];
  /** `{ "<object type>": { "actions": […], "ids"?: […] } }`; what it does not name is denied. */
  @MapOf(() => CeilingEntry) @Nullable() @Optional() permissions?: Record<string, CeilingEntry> | null;
  @Timestamp() @Nullable() @Optional() expiresAt?: string | null;
}

/** A merge patch that only narrows: fewer scopes, a narrower ceiling, an earlier end. */
export class UpdateApiKey {
  @Text({ min: 1, max: 200 }) id: string;
  @Text({ min: 1, max: 100, pattern: /\S/ }) @Optional() name?: string;
  @WordList(scopes) @Optional() scopes?: string[];
  @MapOf(() => CeilingEntry) @Nullable() @Optional() permissions?: Record<string, CeilingEntry> | null;
  @Timestamp() @Nullable() @Optional() expiresAt?: string | null;
}

export class DeleteApiKey {
  @Text({ min: 1, max: 200 }) id: string;
}

export class RotateApiKey {
  @Text({ min: 1, max: 200 }) id: string;
  /** How long, in seconds, the old secret stays in force beside the new one: up to a day; 0 when left out. */
  @Whole({ max: 86_400 }) @Optional() graceSeconds?: number;
}

const shown = {
  id: '01926f80-6a11-7c3e-8f02-5b9d4e7a1c33',
  name: 'Website',
  prefix: 'erato_4kZb1P',
  subjectType: 'user',
  subjectId: 'user_01J8ZB3Q6W2V5N8M4K7H0T9XQE',
  scopes: ['resources:read'],
  permissions: { workspace: { actions: ['read'] } },
  createdBy: 'user_01J8ZB3Q6W2V5N8M4K7H0T9XQE',
  parentKeyId: null,
  createdAt: '2026-03-02T09:00:00.000Z',
  updatedAt: '2026-03-02T09:00:00.000Z',
  expiresAt: null,
  lastUsedAt: null,
  version: 1,
};

/** API keys (identity.md, Routes): for oneself, for what one administers, and as an administrator for anyone. */
export const apiKeys = calls('identity.api-key', {
  list: query({
    http: 'GET /api-keys',
    scope: 'users:write',
    request: ListApiKeys,
    reply: page(ApiKey),
    fails: [notFound, permissionDenied, workosUnavailable],
    summary: 'Lists keys in force, newest first.',
    example: { request: { limit: 10 }, reply: shown },
  }),
  get: query({
    http: 'GET /api-keys/{id}',
    scope: 'users:write',
    request: GetApiKey,
    reply: one(ApiKey),
    fails: [notFound, workosUnavailable],
    summary: 'Gives a key.',
    example: { request: { id: shown.id }, reply: shown },
  }),
  create: command({
    http: 'POST /api-keys',
    scope: 'users:write',
    request: CreateApiKey,
    reply: one(NewApiKey),
    creates: '/api-keys/{id}',
    secret: true,
    fails: [notFound, permissionDenied, tooManyKeys, workosUnavailable],
    summary: 'Makes a key; the answer holds its secret, there alone.',
    description:
      'A key never gets a scope that its maker lacks. A key made by a key inherits its ceiling and end, and ends with it. A key ends with its subject, and with its maker’s right to it.',
    example: {
      request: {
        name: 'Website',
        subjectType: 'user',
        subjectId: shown.subjectId,
        scopes: ['resources:read'],
      },
      reply: { ...shown, secret: 'erato_…' },
    },
  }),
  update: command({
    http: 'PATCH /api-keys/{id}',
    scope: 'users:write',
    request: UpdateApiKey,
    reply: one(ApiKey),
    fails: [notFound, preconditionFailed, onlyNarrower, workosUnavailable],
    summary: 'Renames or narrows a key.',
    example: {
      request: { id: shown.id, expiresAt: '2026-12-31T23:59:59.000Z' },
      reply: { ...shown, expiresAt: '2026-12-31T23:59:59.000Z', version: 2 },
    },
  }),
  rotate: command({
    http: 'POST /api-keys/{id}/rotate',
    scope: 'users:write',
    request: RotateApiKey,
    reply: one(NewApiKey),
    secret: true,
    fails: [notFound, permissionDenied, preconditionFailed, keyExpired, tooManySecrets, workosUnavailable],
    summary: 'Gives a key a new secret; the answer holds it, there alone.',
    description:
      'The old secret stays in force for `graceSeconds`, and one that is in its grace from an earlier rotation no longer than that. Only who holds all that the key may do may rotate it; a key rotates itself and those that it made. A person who rotates a key is its maker from then on: it ends with his right to it.',
    example: {
      request: { id: shown.id, graceSeconds: 3600 },
      reply: { ...shown, prefix: 'erato_9mXq2R', secret: 'erato_…', version: 2 },
    },
  }),
  delete: command({
    http: 'DELETE /api-keys/{id}',
    scope: 'users:write',
    request: DeleteApiKey,
    reply: nothing,
    fails: [notFound, preconditionFailed, workosUnavailable],
    summary: 'Ends a key, and every key that it made.',
    example: { request: { id: shown.id } },
  }),
});
