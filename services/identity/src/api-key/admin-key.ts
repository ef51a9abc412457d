import { readFile } from 'node:fs/promises';
import { Inject, Injectable } from '@nestjs/common';
import { v7 } from 'uuid';
import { apiKeyChanged } from '@erato/contracts/identity/events';
import { isWellFormed, keyHash, keyPrefix } from '@erato/contracts/identity/key-format';
import { Db } from '@erato/platform/database/db';
import type { WriteContext } from '@erato/platform/database/write-context';
import { ConfigError } from '@erato/platform/service/env';
import { IDENTITY_CONFIG, type IdentityConfig } from '../config.js';
import { ApiKeyEntity } from './api-key.entity.js';

/**
 * The key of whoever runs the installation: with scope `admin`, for the home organization. It is one key for good, whose
 * secret is replaced when another one is configured; so what it made does not end with a change of the secret.
 */
@Injectable()
export class AdminKey {
  constructor(
    private readonly db: Db,
    @Inject(IDENTITY_CONFIG) private readonly config: IdentityConfig,
  ) {}

  /** Keeps the configured key's hash; for the one process that leads. */
  async establish(context: WriteContext, homeOrganizationId: string): Promise<void> {
    const key = await this.#configured();
    if (key === null) return;
    if (!isWellFormed(key)) throw new ConfigError('the admin key is not a well-formed API key');
    const hash = keyHash(key);
    await this.db.transaction(context, async (tx) => {
      await tx.exclusive('admin key');
      const known = await tx.lock(ApiKeyEntity, { installation: true });
      if (known?.keyHash === hash && known.subjectId === homeOrganizationId) return;
      const now = new Date();
      const facts = { prefix: keyPrefix(key), keyHash: hash, subjectId: homeOrganizationId, updatedAt: now };
      const id = known?.id ?? v7();
      if (known) await tx.update(ApiKeyEntity, { id }, { ...facts, version: known.version + 1 });
      else {
        await tx.insert(ApiKeyEntity, {
          ...facts,
          id,
          name: 'Admin key of the installation',
          subjectType: 'organization',
          scopes: ['admin'],
          permissions: null,
          createdBy: homeOrganizationId,
          createdByType: 'organization',
          madeAs: 'installation',
          parentKeyId: null,
          installation: true,
          version: 1,
          createdAt: now,
        });
      }
      tx.emit(apiKeyChanged, id, { keyId: id });
    });
  }

  async #configured(): Promise<string | null> {
    const { adminKey, adminKeyFile } = this.config;
    if (adminKey !== null || adminKeyFile === null) return adminKey;
    return (await readFile(adminKeyFile, 'utf8')).trim();
  }
}
