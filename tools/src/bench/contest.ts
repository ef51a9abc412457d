import type { Load } from './load/load.js';
import type { LoadPlan, LoadSeen } from './load/plan.js';
import type { Options } from './options.js';
import { machineBusyMs, processors } from './processes.js';
import { CpuMeter, type Side } from './side.js';
import { median } from './statistics.js';

/** What is asked of a side, without where and how long. */
export type Work = Pick<LoadPlan, 'token' | 'method' | 'paths' | 'bodies' | 'status'>;

/** One contender with what is asked of it. */
export interface Contender {
  readonly side: Side;
  readonly work: Work;
}

/** One measurement of one side. */
export interface Measured {
  readonly perSecond: number;
  /** Microseconds. */
  readonly p50: number;
  readonly p99: number;
  /** CPU time of all processes of the side for one request, in microseconds. */
  readonly cpu: number;
  /** The part of one processor that the generator used. */
  readonly generator: number;
  /** The part of the machine that neither side nor generator used. */
  readonly other: number;
}

/** The medians of a side's rounds. */
export type Median = Measured & { readonly rounds: readonly Measured[] };

/** Makes loads and measures them. */
export class Arena {
  /** What made a figure doubtful, to be told at the end. */
  readonly doubts: string[] = [];

  constructor(
    private readonly load: Load,
    private readonly options: Options,
    private readonly note: (line: string) => void,
  ) {}

  /** Lets a contender run until it is warm. */
  async warm({ side, work }: Contender): Promise<void> {
    await this.load.run(planOf(side, work, 16, this.options.warmup));
  }

  /**
   * Measures contenders in alternation, the first one first in every other round. A round that is not counted goes ahead: who was warm
   * a minute ago has let go of some of what he knew.
   */
  async contest(what: string, contenders: readonly Contender[], connections: number): Promise<Median[]> {
    const measured = contenders.map((): Measured[] => []);
    for (const contender of contenders) await this.measure(contender, connections);
    for (let round = 0; round < this.options.rounds; round++) {
      const order = [...contenders.entries()];
      if (round % 2 === 1) order.reverse();
      for (const [at, contender] of order) {
        const each = await this.measure(contender, connections);
        measured[at]?.push(each);
        this.doubt(what, each);
      }
    }
    const medians = measured.map(medianOf);
    const shown = medians.map(
      (each, at) => `${contenders[at]?.side.name ?? ''} ${each.perSecond.toFixed(0)}/s`,
    );
    this.note(`${what}: ${shown.join(', ')}`);
    return medians;
  }

  private async measure({ side, work }: Contender, connections: number): Promise<Measured> {
    const plan = planOf(side, work, connections, this.options.seconds);
    const busyBefore = machineBusyMs();
    const cpu = await CpuMeter.start(side);
    const own = process.cpuUsage();
    const seen = await this.load.run(plan);
    const used = await cpu.used();
    const self = process.cpuUsage(own);
    const busy = (machineBusyMs() ?? 0) - (busyBefore ?? 0);
    const rest = Math.max(0, busy - used - seen.ownCpuMs - (self.user + self.system) / 1_000);
    return measuredOf(seen, used, rest);
  }

  private doubt(what: string, { generator, other }: Measured): void {
    if (generator > 0.85)
      this.doubts.push(`${what}: the generator used ${(generator * 100).toFixed(0)} % of a processor`);
    if (other > 0.15)
      this.doubts.push(`${what}: the rest of the machine used ${(other * 100).toFixed(0)} % of it`);
  }
}

function planOf({ url }: Side, work: Work, connections: number, seconds: number): LoadPlan {
  const { hostname, port } = new URL(url);
  return { host: hostname, port: Number(port), connections, seconds, ...work };
}

const measuredOf = (seen: LoadSeen, usedMs: number, restMs: number): Measured => ({
  perSecond: (seen.requests / seen.elapsedMs) * 1_000,
  p50: seen.p50,
  p99: seen.p99,
  cpu: (usedMs * 1_000) / seen.requests,
  generator: seen.ownCpuMs / seen.elapsedMs,
  other: restMs / seen.elapsedMs / processors,
});

function medianOf(rounds: readonly Measured[]): Median {
  const of = (figure: keyof Measured): number => median(rounds.map((round) => round[figure]));
  return {
    ...{ perSecond: of('perSecond'), p50: of('p50'), p99: of('p99') },
    ...{ cpu: of('cpu'), generator: of('generator'), other: of('other') },
    rounds,
  };
}
