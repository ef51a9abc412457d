import { spawn, type ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Part } from '@erato/tools/launch/part';
import { freePort } from '@erato/tools/launch/ports';
import { findNatsServer } from '@erato/tools/nats/binary';
import { natsPart } from '@erato/tools/nats/server';
import { adminUrl, postgresPart } from '@erato/tools/postgres/cluster';
import type { TestServer } from './infra.js';

/** A folder for one server; whoever the server runs as may enter it. */
function scratch(): string {
  const folder = mkdtempSync(join(tmpdir(), 'erato-test-'));
  chmodSync(folder, 0o711);
  return folder;
}

/**
 * Ends a server with the test process, however that ends: a shell reads from a pipe that closes with this process,
 * and then kills. Listeners on `process` would not do: Jest gives tests a copy of it.
 */
function watch(part: Part): () => void {
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
  return release;
}

async function serverOf(part: Part, url: string, folder: string): Promise<TestServer> {
  const release = watch(part);
  await part.start();
  return {
    url,
    restart: () => part.restart(),
    async crash() {
      const back = new Promise<void>((resolve) => {
        const listen = ({ kind }: { kind: string }): void => {
          if (kind !== 'ready') return;
          part.off('event', listen);
          resolve();
        };
        part.on('event', listen);
      });
      part.signal('SIGKILL');
      await back;
    },
    async close() {
      await part.stop();
      release();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** A fresh Postgres cluster in a folder of its own, fast instead of safe against a power cut. */
export async function embeddedPostgres(): Promise<TestServer> {
  const folder = scratch();
  const options = {
    folder: join(folder, 'postgres'),
    logFile: join(folder, 'postgres.log'),
    port: await freePort(),
    password: randomBytes(12).toString('hex'),
    durable: false,
  };
  return serverOf(await postgresPart(options), adminUrl(options), folder);
}

/** A fresh NATS server with an installation's users, in a folder of its own. */
export async function embeddedNats(passwords: Readonly<Record<string, string>>): Promise<TestServer> {
  const folder = scratch();
  const port = await freePort();
  const binary = await findNatsServer(process.env, (line) => process.stderr.write(`${line}\n`));
  const part = natsPart({
    binary: binary.path,
    folder: join(folder, 'nats'),
    logFile: join(folder, 'nats.log'),
    port,
    passwords,
  });
  return serverOf(part, `nats://127.0.0.1:${port}`, folder);
}
