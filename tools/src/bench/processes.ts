import { readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';

/** Linux counts CPU time of processes in hundredths of a second, whatever the kernel's own clock. */
const tickMs = 10;

const read = (path: string): string | undefined => {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
};

/** The CPU time of living processes by pid, in milliseconds; a process that has ended is left out, as are all where there is no /proc. */
export function cpuTimes(pids: readonly number[]): Map<number, number> {
  const times = new Map<number, number>();
  for (const pid of pids) {
    const stat = read(`/proc/${String(pid)}/stat`);
    if (stat === undefined) continue;
    // The second field is a name in parentheses that may itself hold spaces; utime and stime are the 14th and 15th.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    times.set(pid, (Number(fields[11]) + Number(fields[12])) * tickMs);
  }
  return times;
}

/** The CPU time of the whole machine that was not idle, in milliseconds; undefined without /proc. */
export function machineBusyMs(): number | undefined {
  const line = read('/proc/stat')?.split('\n')[0];
  if (line === undefined) return undefined;
  const [user = 0, nice = 0, system = 0, , , irq = 0, softirq = 0] = line.split(/ +/).slice(1).map(Number);
  return (user + nice + system + irq + softirq) * tickMs;
}

/** The resident memory of a process in MiB; undefined where it cannot be read. */
export function residentMiB(pid: number): number | undefined {
  const line = /^VmRSS:\s+(\d+) kB/m.exec(read(`/proc/${String(pid)}/status`) ?? '')?.[1];
  return line === undefined ? undefined : Number(line) / 1024;
}

/** How many processors share the load. */
export const processors = availableParallelism();
