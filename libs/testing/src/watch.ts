import { spawn, type ChildProcess } from 'node:child_process';
import { Socket } from 'node:net';
import type { Part } from '@erato/tools/launch/part';

/**
 * Ends a server with the test process, however that ends: a shell reads from a pipe that closes with this process,
 * and then kills. Listeners on `process` would not do: Jest gives tests a copy of it.
 */
export function endWithTests(part: Part): void {
  let shell: ChildProcess | undefined;
  const release = (): void => {
    shell?.kill('SIGKILL');
    shell = undefined;
  };
  part.on('event', (event) => {
    if (event.kind === 'started') {
      release();
      part.unref();
      shell = spawn('sh', ['-c', 'cat >/dev/null; kill -QUIT "$0"', String(event.pid)], {
        stdio: ['pipe', 'ignore', 'ignore'],
        detached: true,
      });
      shell.unref();
      if (shell.stdin instanceof Socket) shell.stdin.unref();
    }
    if (event.kind === 'crashed' || event.kind === 'stopped') release();
  });
}

/** Resolves when a part becomes ready the next time: to be asked before what ends it. */
export function nextReady(part: Part): Promise<void> {
  return new Promise((resolve) => {
    const listen = ({ kind }: { kind: string }): void => {
      if (kind !== 'ready') return;
      part.off('event', listen);
      resolve();
    };
    part.on('event', listen);
  });
}

/** Kills a part as a crash would, and resolves when it was started again and is ready. */
export async function crashAndRecover(part: Part, signal: NodeJS.Signals = 'SIGKILL'): Promise<void> {
  const back = nextReady(part);
  part.signal(signal);
  await back;
}
