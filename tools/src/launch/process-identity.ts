import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

function ofLinux(pid: number): string | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The command stands in brackets and may hold spaces and brackets itself; the fields count from the last one.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    if (fields[0] === 'Z' || fields[0] === 'X') return undefined;
    return `${readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()}:${fields[19] ?? ''}`;
  } catch {
    return undefined;
  }
}

function ofPs(pid: number): string | undefined {
  try {
    const out = execFileSync('ps', ['-o', 'stat=,lstart=', '-p', String(pid)], { encoding: 'utf8' }).trim();
    if (out === '' || out.startsWith('Z')) return undefined;
    return out.replace(/^\S+\s+/, '');
  } catch {
    return undefined;
  }
}

function ofWindows(pid: number): string | undefined {
  try {
    const command = `(Get-Process -Id ${pid}).StartTime.ToUniversalTime().Ticks`;
    return (
      execFileSync('powershell', ['-NoProfile', '-Command', command], { encoding: 'utf8' }).trim() ||
      undefined
    );
  } catch {
    return undefined;
  }
}

/**
 * What tells this process from every other that had or will have its pid: when it started, in the system's own
 * words. Undefined when no such process lives (a zombie does not).
 */
export function processIdentity(pid: number): string | undefined {
  if (process.platform === 'linux') return ofLinux(pid);
  return process.platform === 'win32' ? ofWindows(pid) : ofPs(pid);
}

/** Whether the process that had this identity still lives under this pid. */
export const isAlive = (pid: number, identity: string): boolean => processIdentity(pid) === identity;
