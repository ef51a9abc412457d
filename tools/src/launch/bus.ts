import { join } from 'node:path';
import { findNatsServer } from '../nats/binary.js';
import { externalLogin, type NatsLogin } from '../nats/login.js';
import { adminUser } from '../nats/permissions.js';
import { natsPart } from '../nats/server.js';
import { connectAsAdmin, provisionStreams } from '../nats/streams.js';
import { messageOf } from './error.js';
import type { Part } from './part.js';
import type { Secrets } from './secrets.js';
import type { Settings } from './settings.js';
import type { StablePorts } from './stable-ports.js';

/** The message bus of an installation: our own server, or the user's. */
export interface Bus {
  /** Undefined for a server of the user's. */
  readonly part: Part | undefined;
  /** As shown to people: without a password. */
  readonly description: string;
  readonly login: (user: string) => NatsLogin;
}

/** Finds out how the bus is reached; nothing is started yet. */
export async function openBus(
  settings: Settings,
  secrets: Secrets,
  ports: StablePorts,
  tell: (line: string) => void,
): Promise<Bus> {
  const { natsUrl, dataFolder, env } = settings;
  if (natsUrl !== undefined) {
    return {
      part: undefined,
      description: externalLogin(natsUrl, adminUser, env).url,
      login: (user) => externalLogin(natsUrl, user, env),
    };
  }
  const binary = await findNatsServer({ ...env }, tell);
  const port = await ports.take('nats');
  const part = natsPart({
    binary: binary.path,
    folder: join(dataFolder, 'nats'),
    logFile: join(dataFolder, 'logs', 'nats.log'),
    port,
    passwords: secrets.nats,
    runFolder: join(dataFolder, 'run'),
  });
  return {
    part,
    description: `nats-server ${binary.version} on port ${port}`,
    login: (user) => ({ url: `nats://127.0.0.1:${port}`, user, password: secrets.nats[user] ?? '' }),
  };
}

/** Makes the streams and buckets on the bus, or brings their settings up to date. */
export async function provisionBus(login: NatsLogin, replicas: number): Promise<void> {
  const connection = await connectAsAdmin(login).catch((error: unknown) => {
    throw new Error(`NATS at ${login.url} does not let in ${login.user || 'anyone'}: ${messageOf(error)}`, {
      cause: error,
    });
  });
  try {
    await provisionStreams(connection, replicas);
  } finally {
    await connection.close();
  }
}
