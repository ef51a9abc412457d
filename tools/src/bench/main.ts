import { writeFileSync } from 'node:fs';
import { keyHash } from '@erato/contracts/identity/key-format';
import { lineProgress } from '../launch/progress.js';
import { messageOf } from '../launch/error.js';
import { Api } from './api.js';
import { Bare } from './bare/bare.js';
import { Arena } from './contest.js';
import { Installation } from './installation.js';
import { Load } from './load/load.js';
import { readOptions, usage, type Group, type Options } from './options.js';
import { anArtist, aReader, aUser } from './people.js';
import { tableOf, type Row } from './report.js';
import { coldDecisionRow, warmDecisionRows } from './rows/decisions.js';
import { checkRow, propagationRow, setPermissions } from './rows/permissions.js';
import { readRows, sizeCost, writeRows, type Field } from './rows/requests.js';
import { sizeRows } from './rows/size.js';
import { restartRow, startRows } from './rows/start.js';
import { requireSameBytes } from './same-bytes.js';
import { BenchWorld, readablePosts } from './seed.js';
import { Sessions, type Side } from './side.js';

/** How many different resources are asked for: more than fit a glance, fewer than a small installation has. */
const askedFor = 5_000;

const note = (line: string): void => console.log(`  ${line}`);

/** One run of the benchmark on an installation of its own. */
class Run {
  readonly rows: Row[] = [];
  private readonly installation = new Installation(lineProgress(note));
  private readonly load = new Load();
  private readonly arena: Arena;
  private sessions: Sessions | undefined;
  private bare: Bare | undefined;

  constructor(private readonly options: Options) {
    this.arena = new Arena(this.load, options, note);
  }

  get doubts(): readonly string[] {
    return this.arena.doubts;
  }

  async measure(): Promise<void> {
    const { options, installation } = this;
    if (this.wants('decision')) this.rows.push(...(await warmDecisionRows(options)));
    note('starting an installation');
    const { url, adminKey } = await installation.start();
    if (this.wants('start')) this.rows.push(...(await startRows(installation, options.rounds)));

    const administrator = new Api(url, adminKey.key);
    const reader = await aReader(administrator, 'reader');
    const artist = await anArtist(administrator);
    const world = await BenchWorld.open(installation, url, adminKey.key);
    const content = installation.databaseUrl('content');
    await this.grow(world, options.small);
    const ids = await readablePosts(content, Math.min(askedFor, options.small / 4));
    const others = [await aUser(administrator, 'fan'), await aUser(administrator, 'critic')];
    await setPermissions(administrator, others, ids.slice(0, 1_000));

    const field = await this.field(url, reader, artist);
    await requireSameBytes(field, ids);
    if (this.wants('read')) this.rows.push(...(await readRows(field, ids)));
    const small = this.wants('size') ? await sizeCost(field, ids, options.small) : undefined;
    if (this.wants('write')) this.rows.push(...(await writeRows(field)));
    if (this.wants('permission')) {
      this.rows.push(await checkRow(field, ids));
      this.rows.push(await propagationRow({ flips: options.rounds * 100, administrator, reader }, ids));
    }
    if (this.wants('decision'))
      this.rows.push(await coldDecisionRow(options, installation.databaseUrl('authz')));
    if (small !== undefined) {
      await this.grow(world, options.large);
      const large = await sizeCost(field, await readablePosts(content, ids.length), options.large);
      this.rows.push(...sizeRows(small, large, [options.small, options.large]));
    }
    if (this.wants('start')) {
      await this.leave();
      this.rows.push(await restartRow(installation));
    }
  }

  /** Ends everything that was started. */
  async end(): Promise<void> {
    await this.leave();
    this.load.close();
    await this.installation.remove();
  }

  private wants(group: Group): boolean {
    return this.options.only.includes(group);
  }

  private async grow(world: BenchWorld, to: number): Promise<void> {
    note(`filling content up to ${String(to)} resources`);
    await world.growTo(to);
  }

  private async field(url: string, reader: Field['reader'], artist: Field['artist']): Promise<Field> {
    const sessions = (this.sessions = await Sessions.open(this.installation.adminDatabaseUrl()));
    const bare = (this.bare = await Bare.start({
      databaseUrl: this.installation.databaseUrl('content'),
      keys: Object.fromEntries([reader, artist].map(({ api, userId }) => [keyHash(api.token), userId])),
    }));
    const side = (name: Side['name'], at: string, pids: () => number[]): Side => ({
      name,
      url: at,
      pids: async () => [...pids(), ...(await sessions.pids(name))],
    });
    return {
      arena: this.arena,
      reader,
      artist,
      erato: side('erato', url, () => this.installation.pids()),
      bare: side('bare', bare.url, () => [bare.pid]),
    };
  }

  private async leave(): Promise<void> {
    this.bare?.stop();
    await this.sessions?.close();
    this.bare = undefined;
    this.sessions = undefined;
  }
}

async function bench(args: readonly string[]): Promise<void> {
  if (args.includes('--help')) {
    console.log(usage);
    return;
  }
  const options = readOptions(args);
  const run = new Run(options);
  const interrupted = (): void => void run.end().finally(() => process.exit(130));
  process.once('SIGINT', interrupted);
  process.once('SIGTERM', interrupted);
  const started = new Date();
  try {
    await run.measure();
  } finally {
    const { rows, doubts } = run;
    writeFileSync(
      options.output,
      JSON.stringify({ started, node: process.version, options, doubts, rows }, null, 1),
    );
    if (rows.length > 0) console.log(`\n${tableOf(rows)}\n`);
    for (const doubt of new Set(doubts)) console.log(`doubtful: ${doubt}`);
    await run.end();
  }
}

await bench(process.argv.slice(2)).catch((error: unknown) => {
  console.error(`\nThe benchmark ended early: ${messageOf(error)}`);
  process.exitCode = 1;
});
