import { Client } from 'pg';
import { cpuTimes } from './processes.js';

/** Postgres' sessions that belong to the limit, and the benchmark's own; all others serve Erato. */
const bareName = 'erato-bare';
const ownName = 'erato-bench';

/** Tells which processes of Postgres serve whom. */
export class Sessions {
  private constructor(private readonly client: Client) {}

  static async open(adminUrl: string): Promise<Sessions> {
    const client = new Client({ connectionString: adminUrl, application_name: ownName });
    client.on('error', () => undefined);
    await client.connect();
    return new Sessions(client);
  }

  async pids(of: 'erato' | 'bare'): Promise<number[]> {
    const { rows } = await this.client.query<{ pid: number }>(
      `SELECT pid FROM pg_stat_activity WHERE backend_type = 'client backend' AND application_name <> $1
         AND (application_name = $2) = $3 AND pid <> pg_backend_pid()`,
      [ownName, bareName, of === 'bare'],
    );
    return rows.map(({ pid }) => pid);
  }

  close(): Promise<void> {
    return this.client.end();
  }
}

/** One contender: where it answers, and which processes do its work. */
export interface Side {
  readonly name: 'erato' | 'bare';
  /** `http://host:port`. */
  readonly url: string;
  /** Every process that works for it, its sessions of Postgres included. */
  pids(): Promise<number[]>;
}

/** The CPU time that a side uses between two moments. */
export class CpuMeter {
  private constructor(
    private readonly side: Side,
    private readonly before: ReadonlyMap<number, number>,
  ) {}

  static async start(side: Side): Promise<CpuMeter> {
    return new CpuMeter(side, cpuTimes(await side.pids()));
  }

  /** Milliseconds since the start; a session that began meanwhile counts whole. */
  async used(): Promise<number> {
    let sum = 0;
    for (const [pid, now] of cpuTimes(await this.side.pids())) sum += now - (this.before.get(pid) ?? 0);
    return sum;
  }
}
