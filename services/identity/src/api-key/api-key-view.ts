import type { ApiKey } from '@erato/contracts/identity/api-key';
import type { ApiKeyEntity } from './api-key.entity.js';

/** A key as it is shown: without its hash. */
export function apiKeyView(key: Omit<ApiKeyEntity, 'keyHash'>): ApiKey {
  const { id, name, prefix, subjectType, subjectId, scopes, permissions, createdBy, parentKeyId, version } =
    key;
  return {
    id,
    name,
    prefix,
    subjectType,
    subjectId,
    scopes,
    permissions,
    createdBy,
    parentKeyId,
    createdAt: key.createdAt.toISOString(),
    updatedAt: key.updatedAt.toISOString(),
    expiresAt: key.expiresAt?.toISOString() ?? null,
    lastUsedAt: key.lastUsedAt?.toISOString() ?? null,
    version,
  };
}
