import { createServer, connect, type AddressInfo, type Server, type Socket } from 'node:net';
import { afterEach, beforeAll, afterAll, expect, it } from '@jest/globals';
import { Leader, type LeaderWork } from '@erato/platform/events/leader';
import { openLog } from '@erato/platform/service/log';
import { startInfra, type Infra } from '@erato/testing/infra';
import { settle } from '@erato/testing/settle';

const vigil = { beatMs: 50, answerMs: 150, silenceMs: 500 };

/** A way to Postgres that can go dead without either end being told. */
class Cable {
  readonly #ends: Socket[] = [];
  #cut = false;

  private constructor(
    private readonly server: Server,
    readonly url: string,
  ) {}

  static async to(databaseUrl: string): Promise<Cable> {
    const target = new URL(databaseUrl);
    const server = createServer((near) => {
      const far = connect(Number(target.port), target.hostname);
      for (const [from, to] of [
        [near, far],
        [far, near],
      ] as const) {
        cable.#ends.push(from);
        from.on('error', () => undefined);
        from.on('data', (bytes) => !cable.#cut && to.write(bytes));
        from.on('close', () => !cable.#cut && to.destroy());
      }
    });
    await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
    const url = new URL(databaseUrl);
    url.hostname = '127.0.0.1';
    url.port = String((server.address() as AddressInfo).port);
    const cable = new Cable(server, url.href);
    return cable;
  }

  /** From here on nothing gets through, neither bytes nor the end of a connection. */
  cut(): void {
    this.#cut = true;
  }

  mend(): void {
    for (const end of this.#ends.splice(0)) end.destroy();
    this.#cut = false;
  }

  close(): void {
    this.mend();
    this.server.close();
  }
}

/** Work that notes who does it, and whether two ever do. */
class Watched implements LeaderWork {
  readonly name = 'watched';
  static working = new Set<string>();
  static overlaps = 0;

  constructor(private readonly who: string) {}

  async run(signal: AbortSignal): Promise<void> {
    Watched.working.add(this.who);
    if (Watched.working.size > 1) Watched.overlaps++;
    await new Promise((over) => signal.addEventListener('abort', over, { once: true }));
    Watched.working.delete(this.who);
  }
}

let infra: Infra;
let databaseUrl: string;
const closing: (() => Promise<void> | void)[] = [];

beforeAll(async () => {
  infra = await startInfra();
  databaseUrl = await infra.database('content');
}, 60_000);
afterAll(() => infra.close());
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

function aReplica(name: string, url: string): Leader {
  const leader = new Leader(url, openLog('content', 'fatal'), vigil);
  leader.add(new Watched(name));
  leader.start();
  closing.push(() => leader.close());
  return leader;
}

it('has one leader, and the next one when it leaves', async () => {
  const [one, two] = [aReplica('one', databaseUrl), aReplica('two', databaseUrl)];
  await settle(() => Watched.working.size === 1);
  const [first, second] = one.leading ? [one, two] : [two, one];
  expect(second.leading).toBe(false);
  await first.close();
  await settle(() => second.leading);
  expect(Watched.overlaps).toBe(0);
});

it('has one leader when the connection goes dead and nobody is told', async () => {
  const cable = await Cable.to(databaseUrl);
  closing.push(() => cable.close());
  const one = aReplica('one', cable.url);
  await settle(() => one.leading);
  const two = aReplica('two', databaseUrl);
  cable.cut();
  await settle(() => two.leading && Watched.working.has('two'));
  expect(one.leading).toBe(false);
  expect([...Watched.working]).toEqual(['two']);
  expect(Watched.overlaps).toBe(0);
  cable.mend();
  await two.close();
  await settle(() => one.leading);
  expect(Watched.overlaps).toBe(0);
});
