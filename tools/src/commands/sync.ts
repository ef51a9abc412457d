import { setTimeout as delay } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { sync, type SyncRun } from '@erato/contracts/identity/sync';
import { Bus } from '@erato/platform/transport/bus';
import { BusCaller, ownContext } from '@erato/platform/transport/caller';
import { table, UsageError, type Command } from './command.js';
import { findInstallation } from './installation.js';

const options = { full: { type: 'boolean' }, dry: { type: 'boolean' }, json: { type: 'boolean' } } as const;

const took = ({ requestedAt, finishedAt }: SyncRun): string =>
  `${((Date.parse(finishedAt ?? requestedAt) - Date.parse(requestedAt)) / 1000).toFixed(1)} s`;

function show(run: SyncRun): void {
  const rows = run.counts.map(({ kind, added, changed, removed }) => [
    kind,
    String(added),
    String(changed),
    String(removed),
  ]);
  console.log(table([run.dry ? 'would be' : '', 'added', 'changed', 'removed'], rows));
  console.log(`${run.dry ? 'compared' : 'rebuilt'} in ${took(run)}`);
}

/** Waits until the run has ended, and says what it waits for. */
async function ended(caller: BusCaller, begun: SyncRun): Promise<SyncRun> {
  let told: string | null = null;
  for (let run = begun; ;) {
    if (run.finishedAt !== null) return run;
    if (run.trouble !== told && run.trouble !== null) console.error(`still trying: ${run.trouble}`);
    told = run.trouble;
    await delay(250);
    run = await caller.call(sync.run, { id: begun.id }, ownContext());
  }
}

async function run(args: string[]): Promise<number> {
  const { values } = parseArgs({ args, options, strict: true });
  if (!values.full) throw new UsageError('sync takes --full: events are read by themselves');
  const { natsLogin } = findInstallation();
  const bus = await Bus.open({ ...natsLogin, name: 'erato sync' });
  const caller = new BusCaller(bus);
  try {
    const dry = values.dry ?? false;
    const begun = await caller.call(sync.rebuild, { dry }, ownContext());
    if (begun.dry !== dry)
      console.error(`one ${begun.dry ? 'that only counts' : 'that writes'} is under way`);
    const over = await ended(caller, begun);
    if (values.json) console.log(JSON.stringify(over));
    else if (over.trouble === null) show(over);
    if (over.trouble === null) return 0;
    if (!values.json) console.error(`it was given up: ${over.trouble}`);
    return 1;
  } finally {
    caller.close();
    await bus.close();
  }
}

export const syncCommand: Command = {
  name: 'sync',
  summary: 'rebuilds the mirror of users and organizations from WorkOS',
  help: `Usage: erato sync --full [--dry] [--json]

Asks the identity service to compare its users, organizations and memberships with WorkOS'
lists, to take over what differs and to remove what WorkOS has no more, each with the events
that tell the other services. It is safe at any time: the one worker that reads WorkOS'
events does it, and what is written meanwhile stays. Run again it finds nothing to do. It
goes on when this command is interrupted. --dry only counts.`,
  run,
};
