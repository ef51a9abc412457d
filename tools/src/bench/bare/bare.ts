import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { withClient } from '../../postgres/connect.js';
import type { BareSettings } from './main.js';

const script = fileURLToPath(new URL('./main.js', import.meta.url));

/** The running limit. */
export class Bare {
  private constructor(
    private readonly child: ChildProcess,
    readonly url: string,
  ) {}

  /** Starts it on content's database, beside whose outbox it gets one that nobody relays. */
  static async start(settings: BareSettings): Promise<Bare> {
    await withClient(settings.databaseUrl, (client) =>
      client.query('CREATE TABLE IF NOT EXISTS bench_outbox (LIKE outbox INCLUDING ALL)'),
    );
    const child = fork(script, { stdio: 'inherit', env: { ...process.env, BARE: JSON.stringify(settings) } });
    const [{ url }] = (await once(child, 'message')) as [{ url: string }];
    return new Bare(child, url);
  }

  get pid(): number {
    return this.child.pid ?? 0;
  }

  stop(): void {
    this.child.disconnect();
  }
}
