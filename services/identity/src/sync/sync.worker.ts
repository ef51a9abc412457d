import { Injectable } from '@nestjs/common';
import type { WriteContext } from '@erato/platform/database/write-context';
import type { LeaderWork } from '@erato/platform/events/leader';
import { Health } from '@erato/platform/service/health';
import { AdminKey } from '../api-key/admin-key.js';
import { HomeOrganization } from '../home/home-organization.js';
import { EventReader } from './event-reader.js';
import { FullSync } from './full-sync.js';
import { Housekeeping } from './housekeeping.js';
import { SyncRuns } from './sync-runs.js';
import { Waker } from './waker.js';

const pollMs = 10_000;
/** Before a rebuild that stumbled is tried again. */
const againMs = 500;

/** What a round of the worker consists of. */
@Injectable()
export class SyncSteps {
  constructor(
    readonly events: EventReader,
    readonly runs: SyncRuns,
    readonly full: FullSync,
    readonly housekeeping: Housekeeping,
  ) {}
}

/**
 * Keeps the mirror, one process at a time (identity.md, Sync): reads WorkOS' events when a webhook wakes it, else every 10 s,
 * and rebuilds all of it from the lists where that was asked for. First of all it sees to the home organization and the
 * admin key.
 */
@Injectable()
export class SyncWorker implements LeaderWork {
  readonly name = 'workos sync';

  constructor(
    private readonly home: HomeOrganization,
    private readonly adminKey: AdminKey,
    private readonly steps: SyncSteps,
    private readonly waker: Waker,
    health: Health,
  ) {
    health.add('home organization', async () => (await home.find()) !== null || 'not there yet');
  }

  async run(signal: AbortSignal): Promise<void> {
    const { events, runs, full, housekeeping } = this.steps;
    const home = await this.home.establish(context());
    await this.adminKey.establish(context(), home);
    await runs.requestFirst(context());
    await this.home.enrolAll(context, signal);
    while (!signal.aborted) {
      this.waker.listen();
      await housekeeping.run(context());
      const rebuild = await full.runOpen(context, signal);
      if (rebuild === 'done') await this.home.enrolAll(context, signal);
      const more = await events.readOn(context, signal);
      if (!more) await this.waker.sleep(rebuild === 'open' ? againMs : pollMs, signal);
    }
  }
}

const context = (): WriteContext => ({
  actor: 'service:identity',
  requestId: crypto.randomUUID(),
  deadline: Date.now() + 15_000,
});
