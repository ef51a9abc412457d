import type { Installation } from '../installation.js';
import { cpuTimes, residentMiB } from '../processes.js';
import type { Row } from '../report.js';
import { median } from '../statistics.js';

const services = ['gateway', 'content', 'authz', 'identity'] as const;
/** A process rests when it used less than this of a second, ten times in a row. */
const idleMs = 20;
const restSeconds = 10;

/** Waits until every service rests, a minute at most. */
async function idle(installation: Installation): Promise<void> {
  const pids = services.map((name) => installation.part(name).pid ?? 0);
  let rested = 0;
  for (let tries = 0; tries < 60 && rested < restSeconds; tries++) {
    const before = cpuTimes(pids);
    await new Promise((resolve) => setTimeout(resolve, 1_000));
    const after = cpuTimes(pids);
    const isQuiet = pids.every((pid) => (after.get(pid) ?? 0) - (before.get(pid) ?? 0) < idleMs);
    rested = isQuiet ? rested + 1 : 0;
  }
}

/** The time from spawning one service to its readiness, and the memory that it then holds; of the slowest and the largest. */
export async function startRows(installation: Installation, rounds: number): Promise<Row[]> {
  const times = new Map<string, number>();
  for (const name of services) {
    const took: number[] = [];
    for (let round = 0; round < rounds; round++) {
      const part = installation.part(name);
      const ready = new Promise<number>((resolve) => {
        part.on('event', (event) => {
          if (event.kind === 'ready') resolve(event.afterMs);
        });
      });
      await part.restart();
      took.push(await ready);
    }
    times.set(name, median(took));
  }
  await idle(installation);
  const memory = new Map(
    services.map((name) => [name, residentMiB(installation.part(name).pid ?? 0) ?? NaN]),
  );
  const told = (each: ReadonlyMap<string, number>, digits: number): string =>
    [...each].map(([name, value]) => `${name} ${value.toFixed(digits)}`).join(', ');
  const seconds = new Map([...times].map(([name, ms]) => [name, ms / 1_000]));
  const detail = { seconds: Object.fromEntries(seconds), memory: Object.fromEntries(memory) };
  const row = { bare: '', better: 'less' as const, detail };
  const slowest = Math.max(...seconds.values());
  const largest = Math.max(...memory.values());
  return [
    {
      ...row,
      what: 'start of one service',
      erato: told(seconds, 1),
      value: slowest,
      unit: ' s',
      floor: 4,
      target: 1.5,
    },
    {
      ...row,
      what: 'its resident memory, idle',
      erato: told(memory, 0),
      value: largest,
      unit: ' MiB',
      floor: 200,
      target: 130,
    },
  ];
}

/** Stops everything and starts it again on the data that is there. */
export async function restartRow(installation: Installation): Promise<Row> {
  await installation.stop();
  const { tookMs } = await installation.start();
  return {
    ...{ what: 'start of everything, with data', erato: '', bare: '', value: tookMs / 1_000, unit: ' s' },
    ...{ better: 'less', floor: 20, target: 8, detail: { tookMs } },
  };
}
