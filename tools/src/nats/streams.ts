import {
  DiscardPolicy,
  jetstreamManager,
  RetentionPolicy,
  StorageType,
  type JetStreamManager,
  type StreamConfig,
} from '@nats-io/jetstream';
import { Kvm } from '@nats-io/kv';
import { connect, nanos, type NatsConnection } from '@nats-io/transport-node';
import type { NatsLogin } from './login.js';
import {
  adminUser,
  deadStream,
  eventStream,
  idempotencyBucket,
  inboxPrefix,
  ticketBucket,
} from './permissions.js';

const day = 24 * 60 * 60 * 1000;
const gibibyte = 1024 ** 3;

/** Opens a connection of the admin user, the only one that may make streams. */
export const connectAsAdmin = ({ url, user, password }: NatsLogin): Promise<NatsConnection> =>
  connect({
    servers: url.split(','),
    user,
    pass: password,
    inboxPrefix: inboxPrefix(adminUser),
    name: 'erato',
    maxReconnectAttempts: 5,
    timeout: 10_000,
  });

type Settings = Partial<StreamConfig> & Pick<StreamConfig, 'name'>;

const wanted = (replicas: number): Settings[] => [
  {
    name: eventStream,
    description: 'What happened, from every service',
    subjects: ['event.>'],
    storage: StorageType.File,
    retention: RetentionPolicy.Limits,
    discard: DiscardPolicy.Old,
    max_age: nanos(30 * day),
    max_bytes: 4 * gibibyte,
    max_msg_size: 1024 * 1024,
    // A relay that was cut off publishes its last rows again well within this time.
    duplicate_window: nanos(2 * 60 * 1000),
    // The gateways read it by sequence for their streams.
    allow_direct: true,
    num_replicas: replicas,
  },
  {
    name: deadStream,
    description: 'Events that a consumer gave up on; see "erato events dead"',
    subjects: ['dead.>'],
    storage: StorageType.File,
    retention: RetentionPolicy.Limits,
    discard: DiscardPolicy.Old,
    max_bytes: gibibyte,
    max_msg_size: 1024 * 1024 + 64 * 1024,
    num_replicas: replicas,
  },
];

async function ensure(manager: JetStreamManager, settings: Settings): Promise<void> {
  const names = await manager.streams.names().next();
  if (names.includes(settings.name)) await manager.streams.update(settings.name, settings);
  else await manager.streams.add(settings);
}

/**
 * Makes the streams and buckets, or brings their settings up to date. Safe to run again.
 * @param replicas on how many servers of a NATS cluster each lies, 1 to 5
 */
export async function provisionStreams(connection: NatsConnection, replicas = 1): Promise<void> {
  const manager = await jetstreamManager(connection);
  for (const settings of wanted(replicas)) await ensure(manager, settings);
  await ensureBucket(connection, idempotencyBucket, day, replicas);
  await ensureBucket(connection, ticketBucket, 60 * 1000, replicas);
}

async function ensureBucket(
  connection: NatsConnection,
  bucket: string,
  ttl: number,
  replicas: number,
): Promise<void> {
  const { streams } = await jetstreamManager(connection);
  const name = `KV_${bucket}`;
  if ((await streams.names().next()).includes(name)) {
    await streams.update(name, {
      max_age: nanos(ttl),
      max_msgs_per_subject: 1,
      num_replicas: replicas,
      max_bytes: gibibyte,
    });
  } else {
    await new Kvm(connection).create(bucket, {
      history: 1,
      ttl,
      replicas,
      storage: StorageType.File,
      max_bytes: gibibyte,
    });
  }
}
