import { Controller, Get, Inject, Res } from '@nestjs/common';
import { jetstreamManager } from '@nats-io/jetstream';
import type { FastifyReply } from 'fastify';
import { services } from '@erato/contracts/services';
import { Health } from '@erato/platform/service/health';
import { answerInbox, Bus } from '@erato/platform/transport/bus';

/** Liveness, and readiness with each dependency's state: NATS, JetStream, every service. */
@Controller('health')
export class HealthController {
  /** Apart from the health of the gateway's own process: that one stays ready while a service is away. */
  readonly #health = new Health();
  #checked: ReturnType<Health['check']> = this.#health.check();
  #checkedAt = 0;

  constructor(@Inject(Bus) private readonly bus: Bus) {
    this.#health.add('nats', () => this.bus.connected || 'down');
    this.#health.add('jetstream', () => this.#jetstream());
    for (const service of Object.keys(services).filter((name) => name !== 'gateway')) {
      this.#health.add(service, () => this.#answers(service));
    }
  }

  @Get('live')
  live(@Res() reply: FastifyReply): void {
    void reply.header('Cache-Control', 'no-store').send({ status: 'up' });
  }

  @Get('ready')
  async ready(@Res() reply: FastifyReply): Promise<void> {
    const state = await this.#state();
    void reply
      .code(state.ready ? 200 : 503)
      .header('Cache-Control', 'no-store')
      .send(state);
  }

  /** Whoever asks within a second gets one answer: the route is open to everybody. */
  #state(): ReturnType<Health['check']> {
    const now = Date.now();
    if (now - this.#checkedAt >= 1_000) {
      this.#checkedAt = now;
      this.#checked = this.#health.check();
    }
    return this.#checked;
  }

  async #jetstream(): Promise<true | string> {
    if (!this.bus.connected) return 'down';
    const manager = await jetstreamManager(this.bus.connection, { timeout: 1_000, checkAPI: false });
    return (await manager.streams.info('KV_idempotency')).config.name === 'KV_idempotency' || 'down';
  }

  /** A service is there when it answers NATS' micro ping. */
  async #answers(service: string): Promise<true | string> {
    if (!this.bus.connected) return 'unknown';
    const reply = `${answerInbox(this.bus.inboxPrefix, service)}.${crypto.randomUUID()}`;
    const asked = { timeout: 1_000, noMux: true, reply };
    await this.bus.connection.request(`$SRV.PING.${service}`, undefined, asked);
    return true;
  }
}
