import { randomBytes } from 'node:crypto';
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { CallTable } from '@erato/contracts/kit/call';
import type { Part } from '@erato/tools/launch/part';
import { freePort } from '@erato/tools/launch/ports';
import { findNatsServer } from '@erato/tools/nats/binary';
import { natsPart } from '@erato/tools/nats/server';
import { adminUrl, postgresPart } from '@erato/tools/postgres/cluster';
import type { TestServer } from './infra.js';
import { crashAndRecover, endWithTests } from './watch.js';

/** A folder for one server; whoever the server runs as may enter it. */
function scratch(): string {
  const folder = mkdtempSync(join(tmpdir(), 'erato-test-'));
  chmodSync(folder, 0o711);
  return folder;
}

async function serverOf(part: Part, url: string, folder: string): Promise<TestServer> {
  endWithTests(part);
  await part.start();
  return {
    url,
    restart: () => part.restart(),
    crash: () => crashAndRecover(part),
    async close() {
      await part.stop();
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
export async function embeddedNats(
  passwords: Readonly<Record<string, string>>,
  calls: readonly CallTable[],
): Promise<TestServer> {
  const folder = scratch();
  const port = await freePort();
  const binary = await findNatsServer(process.env, (line) => process.stderr.write(`${line}\n`));
  const part = natsPart({
    binary: binary.path,
    folder: join(folder, 'nats'),
    logFile: join(folder, 'nats.log'),
    port,
    passwords,
    calls,
  });
  return serverOf(part, `nats://127.0.0.1:${port}`, folder);
}
