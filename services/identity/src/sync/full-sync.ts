import { Inject, Injectable } from '@nestjs/common';
import { internal } from '@erato/contracts/kit/failure';
import type { MirrorCount, SyncRun } from '@erato/contracts/identity/sync';
import { Db } from '@erato/platform/database/db';
import { statement } from '@erato/platform/database/statement';
import type { Tx } from '@erato/platform/database/tx';
import type { WriteContext } from '@erato/platform/database/write-context';
import { LOG, type Log } from '@erato/platform/service/log';
import { HomeOrganization } from '../home/home-organization.js';
import { MirrorKinds, type MirrorTable } from './mirror-kinds.js';
import { SyncRuns } from './sync-runs.js';

const batch = 100;
const see = statement(
  'INSERT INTO sync_seen (kind, id) SELECT $1, id FROM unnest($2::text[]) AS id ON CONFLICT DO NOTHING',
);
const isSeen = statement('SELECT 1 FROM sync_seen WHERE kind = $1 AND id = $2');

/**
 * Rebuilds the mirror from WorkOS' lists (identity.md, Sync), within the one worker that reads the events, so that the two
 * never meet. What WorkOS has is taken over like an answer of it, with Erato's events; what it has no more, asked for
 * singly, is removed like after an event. A request that writes meanwhile is newer than any list. Run again it finds nothing to do.
 */
@Injectable()
export class FullSync {
  constructor(
    private readonly db: Db,
    private readonly kinds: MirrorKinds,
    private readonly runs: SyncRuns,
    private readonly home: HomeOrganization,
    @Inject(LOG) private readonly log: Log,
  ) {}

  /** Does what was asked for, if anything was. A failure is noted, and keeps nobody from reading events. */
  async runOpen(context: () => WriteContext, signal: AbortSignal): Promise<'none' | 'done' | 'open'> {
    const run = await this.runs.open();
    if (!run) return 'none';
    try {
      await this.runs.begin(context(), run.id);
      const counts = await this.#rebuild(run, context, signal);
      if (signal.aborted) return 'open';
      await this.runs.finish(context(), run.id, counts);
      this.log.info({ run: run.id, dry: run.dry, counts }, 'rebuilt the mirror from the lists of WorkOS');
      return 'done';
    } catch (err) {
      this.log.warn({ err, run: run.id }, 'the mirror was not rebuilt');
      await this.runs.stumble(context(), run.id, err);
      return 'open';
    }
  }

  async #rebuild(run: SyncRun, context: () => WriteContext, signal: AbortSignal): Promise<MirrorCount[]> {
    const tables = this.kinds.tables();
    const counts = tables.map(({ kind }) => ({ kind, added: 0, changed: 0, removed: 0 }));
    const of = (kind: MirrorTable['kind']): MirrorCount =>
      counts.find((each) => each.kind === kind) ?? { kind, added: 0, changed: 0, removed: 0 };
    for (const table of tables) await this.#takeAll(run, table, of(table.kind), context, signal);
    await this.#checkEnvironment();
    for (const table of tables) await this.#removeUnseen(run, table, of, context, signal);
    return counts;
  }

  async #takeAll(
    { dry }: SyncRun,
    table: MirrorTable,
    count: MirrorCount,
    context: () => WriteContext,
    signal: AbortSignal,
  ): Promise<void> {
    for await (const piece of table.pieces()) {
      if (signal.aborted) return;
      const taken = await this.#write(dry, context(), (tx) => piece.take(tx));
      count.added += taken.filter((each) => each === 'added').length;
      count.changed += taken.filter((each) => each === 'changed').length;
      await this.db.transaction(context(), (tx) => tx.run(see, [table.kind, piece.ids]));
    }
  }

  /** With the key of another environment WorkOS would know nobody, and everybody would be erased. */
  async #checkEnvironment(): Promise<void> {
    if (await this.db.row(isSeen, ['organizations', await this.home.id()])) return;
    throw internal({
      detail: 'WorkOS does not know the home organization: is this the key of another environment?',
    });
  }

  async #removeUnseen(
    { dry }: SyncRun,
    table: MirrorTable,
    of: (kind: MirrorTable['kind']) => MirrorCount,
    context: () => WriteContext,
    signal: AbortSignal,
  ): Promise<void> {
    for (let after = ''; ;) {
      const unseen = await this.db.rows<{ id: string }>(table.unseen, [after, batch]);
      for (const { id } of unseen) {
        after = id;
        if (signal.aborted) return;
        if (!(await table.isGone(id))) continue;
        of('memberships').removed += await this.#write(dry, context(), async (tx) => {
          // NOTE: of a dry run they stay, and are counted when their turn comes.
          const ended = table.members && !dry ? await tx.row<{ members: number }>(table.members, [id]) : null;
          await table.remove(tx, id);
          return ended?.members ?? 0;
        });
        of(table.kind).removed++;
      }
      if (unseen.length < batch) return;
    }
  }

  /** One transaction; of a dry run nothing stays. */
  async #write<T>(dry: boolean, context: WriteContext, work: (tx: Tx) => Promise<T>): Promise<T> {
    const counted = new Error('only counted');
    const done: { value: T }[] = [];
    try {
      return await this.db.transaction(context, async (tx) => {
        const value = await work(tx);
        if (!dry) return value;
        done.push({ value });
        throw counted;
      });
    } catch (error) {
      const [counts] = done;
      if (error === counted && counts) return counts.value;
      throw error;
    }
  }
}
