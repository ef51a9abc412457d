import type { Handlers, Page } from '@erato/contracts/kit/call';
import type { Context } from '@erato/contracts/kit/context';
import {
  apiKeys,
  type ApiKey,
  type CreateApiKey,
  type DeleteApiKey,
  type GetApiKey,
  type ListApiKeys,
  type NewApiKey,
  type RotateApiKey,
  type UpdateApiKey,
} from '@erato/contracts/identity/api-key';
import { Serves } from '@erato/platform/transport/serves';
import { ApiKeyReads } from './api-key.reads.js';
import { apiKeyView } from './api-key-view.js';
import { KeyChanges } from './change-key.js';
import { CreateKeyWrite } from './create-key.js';
import { RotateKeyWrite } from './rotate-key.js';

@Serves(apiKeys)
export class ApiKeyHandlers implements Handlers<typeof apiKeys> {
  constructor(
    private readonly reads: ApiKeyReads,
    private readonly creating: CreateKeyWrite,
    private readonly changes: KeyChanges,
    private readonly rotating: RotateKeyWrite,
  ) {}

  list(input: ListApiKeys, context: Context): Promise<Page<ApiKey>> {
    return this.reads.page(input, context);
  }

  async get({ id }: GetApiKey, context: Context): Promise<ApiKey> {
    return apiKeyView(await this.reads.require(context, id));
  }

  create(input: CreateApiKey, context: Context): Promise<NewApiKey> {
    return this.creating.run(input, context);
  }

  update(input: UpdateApiKey, context: Context): Promise<ApiKey> {
    return this.changes.update(input, context);
  }

  rotate(input: RotateApiKey, context: Context): Promise<NewApiKey> {
    return this.rotating.run(input, context);
  }

  async delete(input: DeleteApiKey, context: Context): Promise<void> {
    await this.changes.delete(input, context);
  }
}
