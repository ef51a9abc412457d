import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A request as the server saw it. */
export interface Seen {
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}

/** What a server does with its request number `nth`, counted from 1. */
export type Behaviour = (seen: Seen, response: ServerResponse, nth: number) => void;

/** A real HTTP server on the loopback that behaves as a test says and remembers what it was asked. */
export class AServer {
  readonly seen: Seen[] = [];

  private constructor(
    readonly url: string,
    private readonly server: ReturnType<typeof createServer>,
  ) {}

  static async that(behaves: Behaviour): Promise<AServer> {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    const made = new AServer(`http://127.0.0.1:${String(port)}`, server);
    server.on('request', (request: IncomingMessage, response: ServerResponse) => {
      const parts: Buffer[] = [];
      request.on('data', (part: Buffer) => parts.push(part));
      request.on('end', () => {
        const { method = '', url = '', headers } = request;
        const seen = { method, url, headers, body: Buffer.concat(parts).toString() };
        behaves(seen, response, made.seen.push(seen));
      });
    });
    return made;
  }

  /** The header of every request, in their order. */
  headers(name: string): (string | string[] | undefined)[] {
    return this.seen.map(({ headers }) => headers[name]);
  }

  async close(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }
}

/** Answers with JSON. */
export function answer(
  response: ServerResponse,
  status: number,
  body?: unknown,
  headers: Readonly<Record<string, string>> = {},
): void {
  response.writeHead(status, {
    'content-type': status < 300 ? 'application/json' : 'application/problem+json',
    'x-request-id': 'request-12345678',
    ...headers,
  });
  response.end(body === undefined ? '' : JSON.stringify(body));
}

/** Answers as the API does when it refuses. */
export function refuse(
  response: ServerResponse,
  status: number,
  code: string,
  { headers = {}, ...members }: { headers?: Record<string, string>; [member: string]: unknown } = {},
): void {
  const type = `https://erato.dev/problems/${code.replaceAll('_', '-')}`;
  const problem = { type, title: code, status, code, detail: `It is ${code}.`, instance: '/v1' };
  answer(response, status, { ...problem, requestId: 'request-12345678', ...members }, headers);
}
