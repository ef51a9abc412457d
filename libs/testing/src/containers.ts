import { randomBytes } from 'node:crypto';
import type { CallTable } from '@erato/contracts/kit/call';
import { natsConfig } from '@erato/tools/nats/config';
import type { TestServer } from './infra.js';

const password = (): string => randomBytes(12).toString('hex');

/** A container keeps its data over a restart, but not the port of this host: it is bound to a fixed one. */
interface Started {
  getHost(): string;
  getMappedPort(port: number): number;
  restart(): Promise<unknown>;
  stop(): Promise<unknown>;
}

function serverOf(container: Started, url: string): TestServer {
  return {
    url,
    restart: async () => {
      await container.restart();
    },
    crash: async () => {
      await container.restart();
    },
    close: async () => {
      await container.stop();
    },
  };
}

/** Postgres from its official image. */
export async function containerPostgres(): Promise<TestServer> {
  // Imported only here: it needs a later Node than the system itself.
  const { GenericContainer, Wait } = await import('testcontainers');
  const { freePort } = await import('@erato/tools/launch/ports');
  const secret = password();
  const port = await freePort();
  const container = await new GenericContainer('postgres:18')
    .withEnvironment({ POSTGRES_PASSWORD: secret, POSTGRES_INITDB_ARGS: '--locale=C --encoding=UTF8' })
    .withCommand(['postgres', '-c', 'fsync=off', '-c', 'max_connections=200'])
    .withExposedPorts({ container: 5432, host: port })
    // The image starts the server twice: once to make the cluster, once to serve.
    .withWaitStrategy(Wait.forLogMessage(/ready to accept connections/, 2))
    .start();
  return serverOf(container, `postgres://postgres:${secret}@${container.getHost()}:${port}/postgres`);
}

/** NATS from its official image, with the same users as everywhere. */
export async function containerNats(
  passwords: Readonly<Record<string, string>>,
  calls: readonly CallTable[],
): Promise<TestServer> {
  const { GenericContainer, Wait } = await import('testcontainers');
  const { freePort } = await import('@erato/tools/launch/ports');
  const port = await freePort();
  const content = natsConfig({
    host: '0.0.0.0',
    port: 4222,
    storeFolder: '/data',
    passwords,
    maxFileBytes: '10GB',
    calls,
  });
  const container = await new GenericContainer('nats:2.12-alpine')
    .withCopyContentToContainer([{ content, target: '/etc/nats/erato.conf' }])
    .withCommand(['--config', '/etc/nats/erato.conf'])
    .withExposedPorts({ container: 4222, host: port })
    // The image has no tool to look at a port with, so its log is awaited.
    .withWaitStrategy(Wait.forLogMessage(/Server is ready/))
    .start();
  return serverOf(container, `nats://${container.getHost()}:${port}`);
}
