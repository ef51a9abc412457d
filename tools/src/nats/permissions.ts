import { services, type ServiceName } from '@erato/contracts/services';

/** What a NATS user may do: subjects it may publish to and subscribe to. */
export interface NatsUser {
  readonly user: string;
  readonly publish: readonly string[];
  readonly subscribe: readonly string[];
  /** Whether it may answer a request on a reply subject that it may not publish to by itself. */
  readonly replies: boolean;
}

/** The user of the launcher and of the erato command; no service has its password. */
export const adminUser = 'admin';

/** The stream of all events; durable consumers on it are named `<service>-<source>`. */
export const eventStream = 'EVENTS';
/** The stream of events that a consumer gave up on. */
export const deadStream = 'DEAD';
/** The key-value bucket in which the gateways share idempotency records. */
export const idempotencyBucket = 'idempotency';

/**
 * Whose events a service hears to drop what it caches, beside those that it consumes: without a consumer, since a
 * cache that was away starts empty. authz hears its own, so that all its replicas drop a changed grant.
 */
const hears: Record<ServiceName, readonly ServiceName[]> = {
  gateway: ['identity', 'authz'],
  identity: [],
  authz: ['identity', 'authz'],
  content: ['authz', 'identity'],
};

/** Reading one stream through one's own durable consumers, and acknowledging. The names of others do not match. */
function consuming(service: string, sources: readonly string[]): string[] {
  return sources.flatMap((source) => {
    const durable = `${service}-${source}`;
    return [
      `$JS.API.CONSUMER.INFO.${eventStream}.${durable}`,
      // Only the form that names the filter: the server compares it, so other events cannot be read through it.
      `$JS.API.CONSUMER.CREATE.${eventStream}.${durable}.event.${source}.>`,
      `$JS.API.CONSUMER.MSG.NEXT.${eventStream}.${durable}`,
      `$JS.ACK.${eventStream}.${durable}.>`,
    ];
  });
}

/** Reading and writing one key-value bucket: its subjects, and what a client asks of the stream behind it. */
function keyValue(bucket: string): string[] {
  const stream = `KV_${bucket}`;
  return [
    `$KV.${bucket}.>`,
    `$JS.API.STREAM.INFO.${stream}`,
    `$JS.API.STREAM.MSG.GET.${stream}`,
    `$JS.API.DIRECT.GET.${stream}`,
    `$JS.API.DIRECT.GET.${stream}.>`,
    `$JS.API.CONSUMER.CREATE.${stream}`,
    `$JS.API.CONSUMER.CREATE.${stream}.>`,
    `$JS.API.CONSUMER.INFO.${stream}.>`,
    `$JS.API.CONSUMER.MSG.NEXT.${stream}.>`,
    `$JS.API.CONSUMER.DELETE.${stream}.>`,
    `$JS.FC.${stream}.>`,
  ];
}

/** The prefix of a service's reply subjects: its own, so that no service reads the answers to another. */
export const inboxPrefix = (service: string): string => `_INBOX_${service}`;

function serviceUser(service: ServiceName): NatsUser {
  const { calls, consumes } = services[service] as { calls: readonly string[]; consumes: readonly string[] };
  const heard = new Set([...consumes, ...hears[service]]);
  const publish = [
    ...calls.map((other) => `call.${other}.>`),
    `event.${service}.>`,
    `dead.${service}.>`,
    `wake.${service}.>`,
    `$JS.API.INFO`,
    `$JS.API.STREAM.INFO.${eventStream}`,
    ...consuming(service, consumes),
  ];
  // The gateway asks who is there for its readiness.
  if (service === 'gateway') publish.push('$SRV.PING.>', ...keyValue(idempotencyBucket));
  return {
    user: service,
    publish,
    subscribe: [
      `call.${service}.>`,
      ...[...heard].map((source) => `event.${source}.>`),
      `wake.${service}.>`,
      `${inboxPrefix(service)}.>`,
      '$SRV.>',
    ],
    replies: true,
  };
}

/**
 * Every NATS user and what it may do, from the table of services in the contracts (security.md, "The bus"): a
 * service publishes calls to the services that it may call, its own events and dead letters, and reads what it
 * serves, what it consumes and its own answers.
 */
export function natsUsers(): NatsUser[] {
  return [
    ...Object.keys(services).map((service) => serviceUser(service as ServiceName)),
    { user: adminUser, publish: ['>'], subscribe: ['>'], replies: true },
  ];
}
