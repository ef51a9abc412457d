import { everyTable } from '@erato/contracts/catalogue';
import type { AnyCall, CallTable } from '@erato/contracts/kit/call';
import { services, type ServiceName } from '@erato/contracts/services';
import { answerInbox } from '@erato/platform/transport/bus';

/** What a NATS user may do: subjects it may publish to and subscribe to. */
export interface NatsUser {
  readonly user: string;
  readonly publish: readonly string[];
  readonly subscribe: readonly string[];
}

/** The user of the launcher and of the erato command; no service has its password. */
export const adminUser = 'admin';

/** The stream of all events; durable consumers on it are named `<service>-<source>`. */
export const eventStream = 'EVENTS';
/** The stream of events that a consumer gave up on. */
export const deadStream = 'DEAD';
/** The key-value bucket in which the gateways share idempotency records. */
export const idempotencyBucket = 'idempotency';
/** The bucket of tickets with which browsers open streams. */
export const ticketBucket = 'tickets';

/**
 * Whose events a service hears to drop what it caches, beside those that it consumes: without a consumer, since a
 * cache that was away starts empty. authz hears its own, so that all its replicas drop a changed grant.
 */
const hears: Record<ServiceName, readonly ServiceName[]> = {
  gateway: ['identity', 'authz', 'content'],
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
      // Whoever takes the lead sets its consumer back to what is acknowledged.
      `$JS.API.CONSUMER.DELETE.${eventStream}.${durable}`,
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

/**
 * Where a service may answer: of each that calls it the inbox for the answers of just that service, so that none answers in
 * the place of another; and of operators' own tools, which ask who is there. Not by `allow_responses`: the server keeps each
 * reply subject that it has seen, of events as well, and looks through all of them at each message.
 */
function answersOf(service: ServiceName, tables: readonly CallTable[]): string[] {
  const calls = tables.flatMap((table) => Object.values(table)).filter((call) => call.service === service);
  const isCaller = (name: ServiceName): boolean =>
    name === 'gateway' || calls.some(({ callers }) => callers.includes(name));
  const callers = (Object.keys(services) as ServiceName[]).filter(
    (name) => name !== service && isCaller(name),
  );
  return [
    ...[adminUser, ...callers].map((caller) => `${answerInbox(inboxPrefix(caller), service)}.>`),
    '_INBOX.>',
  ];
}

/** What a service may call: each call whose contract names it, a noun in one where that goes for all of its verbs. */
function callsOf(service: ServiceName, tables: readonly CallTable[]): string[] {
  const nouns = new Map<string, AnyCall[]>();
  for (const call of tables.flatMap((table) => Object.values(table))) {
    if (call.service === service) continue;
    const noun = call.subject.slice(0, call.subject.lastIndexOf('.'));
    nouns.set(noun, [...(nouns.get(noun) ?? []), call]);
  }
  return [...nouns].sort().flatMap(([noun, calls]) => {
    const own = calls.filter(({ callers }) => callers.includes(service));
    return own.length === calls.length ? [`${noun}.*`] : own.map(({ subject }) => subject);
  });
}

function serviceUser(service: ServiceName, tables: readonly CallTable[]): NatsUser {
  const { consumes } = services[service] as { consumes: readonly string[] };
  const heard = new Set([...consumes, ...hears[service]]);
  const publish = [
    ...callsOf(service, tables),
    ...answersOf(service, tables),
    `event.${service}.>`,
    `dead.${service}.>`,
    `wake.${service}.>`,
    `$JS.API.INFO`,
    `$JS.API.STREAM.INFO.${eventStream}`,
    ...consuming(service, consumes),
  ];
  if (service === 'gateway') {
    // It asks who is there for its readiness, and reads the events for its streams, one by one and without a consumer.
    publish.push('$SRV.PING.>', `$JS.API.DIRECT.GET.${eventStream}`);
    publish.push(...keyValue(idempotencyBucket), ...keyValue(ticketBucket));
  }
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
  };
}

/**
 * Every NATS user and what it may do, from the contracts (security.md, "The bus"): a service publishes the calls whose
 * contracts name it, its own events and dead letters, and reads what it serves, what it consumes and its own answers.
 *
 * @param more calls beside those of the contracts, which only tests have
 */
export function natsUsers(more: readonly CallTable[] = []): NatsUser[] {
  const tables = [...everyTable, ...more];
  return [
    ...Object.keys(services).map((service) => serviceUser(service as ServiceName, tables)),
    { user: adminUser, publish: ['>'], subscribe: ['>'] },
  ];
}
