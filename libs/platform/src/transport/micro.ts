import { nanos, type Msg, type NatsConnection } from '@nats-io/transport-node';
import type { AnyCall } from '@erato/contracts/kit/call';
import type { Failure } from '@erato/contracts/kit/failure';

interface EndpointStats {
  name: string;
  subject: string;
  queue_group: string;
  num_requests: number;
  num_errors: number;
  last_error: string;
  processing_time: number;
  average_processing_time: number;
}

/** Answers NATS' micro protocol (ping, info, stats), so that `nats micro ls` shows the system. */
export class MicroDiscovery {
  readonly #id = crypto.randomUUID().replaceAll('-', '');
  readonly #started = new Date().toISOString();
  readonly #endpoints = new Map<string, EndpointStats>();

  constructor(
    private readonly service: string,
    private readonly connection: NatsConnection,
  ) {}

  add(call: AnyCall): void {
    this.#endpoints.set(call.subject, {
      name: call.subject.slice('call.'.length).replaceAll('.', '-'),
      subject: call.subject,
      queue_group: this.service,
      num_requests: 0,
      num_errors: 0,
      last_error: '',
      processing_time: 0,
      average_processing_time: 0,
    });
  }

  count(subject: string, tookMs: number, failed: Failure | undefined): void {
    const stats = this.#endpoints.get(subject);
    if (!stats) return;
    stats.num_requests++;
    stats.processing_time += nanos(tookMs);
    if (!failed) return;
    stats.num_errors++;
    stats.last_error = failed.code;
  }

  listen(): void {
    const about = { name: this.service, id: this.#id, version: '1.0.0', metadata: {} };
    this.#answer('PING', () => ({ type: 'io.nats.micro.v1.ping_response', ...about }));
    this.#answer('INFO', () => ({
      type: 'io.nats.micro.v1.info_response',
      ...about,
      description: `Erato ${this.service}`,
      endpoints: [...this.#endpoints.values()].map(({ name, subject, queue_group }) => ({
        name,
        subject,
        queue_group,
      })),
    }));
    this.#answer('STATS', () => ({
      type: 'io.nats.micro.v1.stats_response',
      ...about,
      started: this.#started,
      endpoints: [...this.#endpoints.values()].map((stats) => ({
        ...stats,
        average_processing_time: Math.round(stats.processing_time / Math.max(1, stats.num_requests)),
      })),
    }));
  }

  #answer(verb: string, body: () => object): void {
    const callback = (error: Error | null, message: Msg): void => {
      if (!error) message.respond(JSON.stringify(body()));
    };
    for (const subject of [
      `$SRV.${verb}`,
      `$SRV.${verb}.${this.service}`,
      `$SRV.${verb}.${this.service}.${this.#id}`,
    ]) {
      this.connection.subscribe(subject, { callback });
    }
  }
}
