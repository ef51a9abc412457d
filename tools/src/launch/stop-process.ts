import { processIdentity } from './process-identity.js';
import { until } from './wait.js';

function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch {
    // It ended by itself meanwhile.
  }
}

/**
 * Stops a process that is no child of this one: asks by the signal, and kills it when it does not end in time.
 * The identity is compared before each signal, so that a pid which went to another process is never touched.
 */
export async function stopProcess(
  pid: number,
  identity: string,
  { ask = 'SIGTERM', withinMs = 5_000 }: { ask?: NodeJS.Signals; withinMs?: number } = {},
): Promise<void> {
  const gone = (): boolean => processIdentity(pid) !== identity;
  if (gone()) return;
  signal(pid, ask);
  if (await until(gone, withinMs)) return;
  signal(pid, 'SIGKILL');
  if (!(await until(gone, 5_000))) throw new Error(`process ${pid} could not be stopped`);
}
