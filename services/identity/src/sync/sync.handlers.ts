import { Inject } from '@nestjs/common';
import type { Handlers } from '@erato/contracts/kit/call';
import type { Context } from '@erato/contracts/kit/context';
import {
  signatureInvalid,
  sync,
  webhookUnconfigured,
  type GetSyncRun,
  type RebuildMirror,
  type SyncRun,
  type WebhookDelivery,
} from '@erato/contracts/identity/sync';
import { writeContext } from '@erato/platform/database/write-context';
import { Serves } from '@erato/platform/transport/serves';
import { IDENTITY_CONFIG, type IdentityConfig } from '../config.js';
import { Workos } from '../workos/workos.js';
import { SyncRuns } from './sync-runs.js';
import { Waker } from './waker.js';

const toleranceMs = 180_000;

/** Webhooks only wake the worker: what happened it reads from the Events API, in order (identity.md, Sync). */
@Serves(sync)
export class SyncHandlers implements Handlers<typeof sync> {
  constructor(
    private readonly workos: Workos,
    private readonly waker: Waker,
    private readonly runs: SyncRuns,
    @Inject(IDENTITY_CONFIG) private readonly config: IdentityConfig,
  ) {}

  async webhook({ body, signature }: WebhookDelivery): Promise<void> {
    const secret = this.config.workosWebhookSecret;
    if (secret === null) throw webhookUnconfigured();
    if (!(await this.#isSigned(body, signature, secret))) throw signatureInvalid();
    this.waker.wake();
  }

  async rebuild({ dry = false }: RebuildMirror, context: Context): Promise<SyncRun> {
    const run = await this.runs.request(writeContext(context), dry);
    this.waker.wake();
    return run;
  }

  run({ id }: GetSyncRun): Promise<SyncRun> {
    return this.runs.get(id);
  }

  async #isSigned(payload: string, sigHeader: string, secret: string): Promise<boolean> {
    try {
      // NOTE: the SDK refuses what is too old; a time that lies ahead is for us to refuse.
      const [timestamp] = this.workos.sdk.webhooks.getTimestampAndSignatureHash(sigHeader);
      if (!(Number(timestamp) - Date.now() <= toleranceMs)) return false;
      return await this.workos.sdk.webhooks.verifyHeader({
        payload,
        sigHeader,
        secret,
        tolerance: toleranceMs,
      });
    } catch {
      return false;
    }
  }
}
