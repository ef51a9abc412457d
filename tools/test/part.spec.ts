import { spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { lockFolder } from '@erato/tools/launch/lock';
import { Part, type PartEvent } from '@erato/tools/launch/part';
import { leftOvers, notePid } from '@erato/tools/launch/pid-file';
import { isAlive, processIdentity } from '@erato/tools/launch/process-identity';
import { stopProcess } from '@erato/tools/launch/stop-process';
import { until } from '@erato/tools/launch/wait';
import { nextReady } from '@erato/testing/watch';

let folder: string;
const parts: Part[] = [];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'erato-part-'));
});
afterEach(async () => {
  await Promise.all(parts.splice(0).map((part) => part.stop()));
  rmSync(folder, { recursive: true, force: true });
});

/** A part that runs a line of JavaScript, and is ready at once unless it is told otherwise. */
function part(code: string, more: Partial<ConstructorParameters<typeof Part>[0]> = {}): Part {
  const made = new Part({
    name: 'sample',
    spawn: () => Promise.resolve(spawn(process.execPath, ['-e', code], { stdio: 'ignore' })),
    ready: () => Promise.resolve(true),
    runFolder: folder,
    ...more,
  });
  parts.push(made);
  return made;
}
const staying = 'setInterval(() => {}, 1000)';
const stubborn = `process.on('SIGTERM', () => {}); require('fs').writeFileSync(process.env.MARK, ''); ${staying}`;

describe('a part', () => {
  it('is started again after a crash, with its pid noted anew', async () => {
    const sample = part(staying);
    const events: PartEvent[] = [];
    sample.on('event', (event) => events.push(event));
    await sample.start();
    const first = sample.pid ?? 0;
    const back = nextReady(sample);
    sample.signal('SIGKILL');
    await back;
    expect(sample.pid).not.toBe(first);
    expect(events.map(({ kind }) => kind)).toEqual([
      'started',
      'ready',
      'crashed',
      'restarting',
      'started',
      'ready',
    ]);
    expect(leftOvers(folder).map(({ pid }) => pid)).toEqual([sample.pid]);
  });

  it('waits longer after each crash in a row', async () => {
    const sample = part('setTimeout(() => process.exit(1), 20)');
    const pauses: number[] = [];
    const four = new Promise<void>((resolve) => {
      sample.on('event', (event) => {
        if (event.kind === 'restarting' && pauses.push(event.inMs) === 4) resolve();
      });
    });
    await sample.start();
    await four;
    expect(pauses).toEqual([100, 200, 400, 800]);
  });

  it('does not start when it keeps ending before it is ready, and says why', async () => {
    const sample = part('process.exit(7)', {
      ready: () => Promise.resolve(false),
      reason: () => 'out of luck',
    });
    await expect(sample.start()).rejects.toThrow('sample ended while it started (exit code 7): out of luck');
    expect(sample.pid).toBeUndefined();
  });

  it('does not start when it is not ready in time', async () => {
    const sample = part(staying, { ready: () => Promise.resolve(false), readyWithinMs: 200 });
    await expect(sample.start()).rejects.toThrow('did not become ready');
    expect(leftOvers(folder)).toEqual([]);
  });

  it('that cannot be run at all says so', async () => {
    const sample = part('', {
      spawn: () => Promise.resolve(spawn('/nowhere/program')),
      ready: () => Promise.resolve(false),
    });
    await expect(sample.start()).rejects.toThrow('ENOENT');
  });

  it('is killed when it does not end in time', async () => {
    const mark = join(folder, 'mark');
    const sample = part(stubborn, {
      spawn: () =>
        Promise.resolve(
          spawn(process.execPath, ['-e', stubborn], { stdio: 'ignore', env: { ...process.env, MARK: mark } }),
        ),
      ready: () => Promise.resolve(readdirSync(folder).includes('mark')),
      stopWithinMs: 200,
    });
    await sample.start();
    const pid = sample.pid ?? 0;
    await sample.stop();
    expect(processIdentity(pid)).toBeUndefined();
  });

  it('that is stopped while it starts does not come back', async () => {
    const sample = part(staying, { ready: () => Promise.resolve(false) });
    const started = sample.start();
    const failed = expect(started).rejects.toThrow('stopped while it started');
    await until(() => sample.pid !== undefined, 5_000, 5);
    await sample.stop();
    await failed;
    expect(sample.pid).toBeUndefined();
  });
});

describe('left-over processes', () => {
  it('are found by their note and stopped', async () => {
    const child = spawn(process.execPath, ['-e', staying], { stdio: 'ignore', detached: true });
    notePid(folder, 'left', child.pid ?? 0);
    const [found] = leftOvers(folder);
    expect(found).toMatchObject({ name: 'left', pid: child.pid });
    await stopProcess(found?.pid ?? 0, found?.identity ?? '');
    expect(leftOvers(folder)).toEqual([]);
    expect(readdirSync(folder)).toEqual([]);
  });

  it('are not mistaken for a later process with the same pid', async () => {
    const other = spawn(process.execPath, ['-e', staying], { stdio: 'ignore' });
    const identity = processIdentity(other.pid ?? 0) ?? '';
    expect(isAlive(other.pid ?? 0, identity)).toBe(true);
    await stopProcess(other.pid ?? 0, `${identity}0`);
    expect(isAlive(other.pid ?? 0, identity)).toBe(true);
    other.kill('SIGKILL');
  });
});

describe('the lock of a data folder', () => {
  it('is held by one launcher at a time', () => {
    const unlock = lockFolder(folder);
    expect(() => lockFolder(folder)).toThrow(`is in use by another Erato (process ${process.pid})`);
    unlock();
    lockFolder(folder)();
  });

  it('of a killed launcher is taken over', async () => {
    const code = `const { lockFolder } = await import(${JSON.stringify(new URL('../dist/launch/lock.js', import.meta.url).href)});
      lockFolder(${JSON.stringify(folder)}); process.kill(process.pid, 'SIGKILL');`;
    const child = spawn(process.execPath, ['--input-type=module', '-e', code], { stdio: 'ignore' });
    await new Promise((resolve) => child.once('exit', resolve));
    expect(readdirSync(folder)).toEqual(['lock']);
    lockFolder(folder)();
  });
});
