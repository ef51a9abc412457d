import { Inject, Injectable } from '@nestjs/common';
import { resourcePublished } from '@erato/contracts/content/events';
import { Db } from '@erato/platform/database/db';
import { statement } from '@erato/platform/database/statement';
import type { LeaderWork } from '@erato/platform/events/leader';
import { LOG, type Log } from '@erato/platform/service/log';
import { ownWrite } from '../background/own-write.js';
import { pause } from '../background/pause.js';
import { refreshListed } from './access-path.js';
import { resourceFact } from './resource-facts.js';
import { resourceColumns, type ResourceRow } from './resource-view.js';

/** How often it is looked for what is due, in milliseconds; content.md allows 5 s. */
const everyMs = 1_000;
const batch = 100;

/** What has become due is published once: whoever comes second finds it published, and what is locked comes next time. */
const publish = statement(`
  UPDATE resources r SET published_at = now(), updated_at = now(), version = version + 1,
    access_version = access_version + 1
  WHERE id IN (SELECT id FROM resources WHERE published_at IS NULL AND publish_at <= now()
    ORDER BY publish_at LIMIT ${batch} FOR UPDATE SKIP LOCKED)
  RETURNING ${resourceColumns}`);

/** Publishes what was scheduled, within 5 s of its time, once, also after downtime (content.md, Rules). */
@Injectable()
export class PublishDue implements LeaderWork {
  readonly name = 'publish-due';

  constructor(
    private readonly db: Db,
    @Inject(LOG) private readonly log: Log,
  ) {}

  async run(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      const published = await this.#publishBatch();
      if (published > 0) this.log.info({ published }, 'scheduled resources were published');
      if (published < batch) await pause(everyMs, signal);
    }
  }

  #publishBatch(): Promise<number> {
    return this.db.transaction(ownWrite(10_000), async (tx) => {
      const rows = await tx.rows<ResourceRow>(publish, []);
      if (rows.length === 0) return 0;
      await refreshListed(
        tx,
        rows.map(({ id }) => id),
      );
      for (const row of rows) tx.emit(resourcePublished, row.id, resourceFact(row));
      return rows.length;
    });
  }
}
