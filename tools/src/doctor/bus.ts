import { jetstreamManager, type JetStreamManager } from '@nats-io/jetstream';
import type { NatsConnection } from '@nats-io/transport-node';
import { services } from '@erato/contracts/services';
import { messageOf } from '../launch/error.js';
import { deadStream, eventStream, idempotencyBucket } from '../nats/permissions.js';
import { fail, ok, warn, type Finding } from './finding.js';

/** Waiting events above this number are told: a consumer is slow, or away. */
const muchLag = 1_000;

async function stream(manager: JetStreamManager, name: string): Promise<Finding> {
  try {
    const { state, config } = await manager.streams.info(name);
    const size = `${state.messages} messages, ${(state.bytes / 1024 ** 2).toFixed(1)} MiB, ${config.num_replicas} replicas`;
    if (name === deadStream && state.messages > 0) {
      return warn(`${state.messages} dead letters: see "erato events dead list"`);
    }
    return ok(`stream ${name}: ${size}`);
  } catch (error) {
    return fail(`stream ${name}: ${messageOf(error)}; "erato provision" makes it`);
  }
}

async function consumer(manager: JetStreamManager, name: string): Promise<Finding> {
  try {
    const {
      num_pending: waiting,
      num_ack_pending: open,
      num_redelivered: again,
    } = await manager.consumers.info(eventStream, name);
    const said = `consumer ${name}: ${waiting} events wait, ${open} are being worked on, ${again} were tried again`;
    return waiting > muchLag || again > 0 ? warn(said) : ok(said);
  } catch (error) {
    return fail(`consumer ${name}: ${messageOf(error)}; its service makes it at its start`);
  }
}

/** The bus: what JetStream holds, and how far every consumer is. */
export async function bus(connection: NatsConnection): Promise<Finding[]> {
  const manager = await jetstreamManager(connection);
  const consumers = Object.entries(services).flatMap(([name, { consumes }]) =>
    consumes.map((source) => `${name}-${source}`),
  );
  return [
    ok(`NATS ${connection.info?.version ?? '?'} at ${connection.getServer()}`),
    ...(await Promise.all(
      [eventStream, deadStream, `KV_${idempotencyBucket}`].map((name) => stream(manager, name)),
    )),
    ...(await Promise.all(consumers.map((name) => consumer(manager, name)))),
  ];
}
