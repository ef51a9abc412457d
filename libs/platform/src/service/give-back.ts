import { performance } from 'node:perf_hooks';
import { getHeapStatistics, setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

/** The collector shrinks its spaces where little was allocated in the five seconds since it last looked. */
const everyMs = 6_000;
/** More room than a process at rest needs, in bytes. */
const much = 24 * 1024 * 1024;
/** The part of its time in which a process at rest works. */
const rest = 0.05;

/**
 * Gives back memory when the process rests: starting, which loads a thousand modules, and load fill the young space, which
 * Node then keeps at that size for good, a fifth of all that it holds. A process that works is left alone.
 */
export function giveBackAtRest(): void {
  setFlagsFromString('--expose-gc');
  const collect: unknown = runInNewContext('gc');
  if (!isAction(collect)) return;
  let before = performance.eventLoopUtilization();
  const look = (): void => {
    const now = performance.eventLoopUtilization();
    const { utilization } = performance.eventLoopUtilization(now, before);
    before = now;
    const { total_heap_size: held, used_heap_size: used } = getHeapStatistics();
    if (utilization < rest && held - used > much) collect();
  };
  setInterval(look, everyMs).unref();
}

const isAction = (value: unknown): value is () => void => typeof value === 'function';
