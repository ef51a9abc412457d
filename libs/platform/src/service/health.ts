import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { metrics } from '../telemetry/metrics.js';

/** A dependency's state: true, or a sentence about what is missing. */
export type Probe = () => Promise<true | string> | true | string;

/**
 * `GET /health/live`, `GET /health/ready` and `GET /metrics` of one process, on a port that is not the public one.
 */
export class Health {
  readonly #probes = new Map<string, Probe>();
  #server: Server | undefined;

  add(name: string, probe: Probe): void {
    this.#probes.set(name, probe);
  }

  /** Each dependency's state, and whether all are well. */
  async check(): Promise<{ ready: boolean; dependencies: Record<string, string> }> {
    const states = await Promise.all(
      [...this.#probes].map(async ([name, probe]): Promise<[string, string]> => {
        try {
          const state = await probe();
          return [name, state === true ? 'up' : state];
        } catch {
          return [name, 'down'];
        }
      }),
    );
    return { ready: states.every(([, state]) => state === 'up'), dependencies: Object.fromEntries(states) };
  }

  async listen(host: string, port: number): Promise<number> {
    const server = createServer((request, response) => {
      const send = (status: number, body: string, type = 'application/json'): void => {
        response.writeHead(status, { 'content-type': type }).end(body);
      };
      const answer = async (): Promise<void> => {
        if (request.url === '/health/live') send(200, '{"status":"up"}');
        else if (request.url === '/metrics') send(200, await metrics.metrics(), metrics.contentType);
        else if (request.url === '/health/ready') {
          const state = await this.check();
          send(state.ready ? 200 : 503, JSON.stringify(state));
        } else send(404, '{}');
      };
      answer().catch(() => send(500, '{}'));
    });
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(port, host, resolve);
    });
    this.#server = server;
    return (server.address() as AddressInfo).port;
  }

  async close(): Promise<void> {
    const server = this.#server;
    if (!server) return;
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
}
