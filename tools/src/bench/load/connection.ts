import { createConnection, type Socket } from 'node:net';

const headEnd = Buffer.from('\r\n\r\n');

/** An answer: its status and, as far as it was asked for, its body. */
export interface WireAnswer {
  readonly status: number;
  readonly body: Buffer;
}

/** A request as it goes over the wire, made once and sent many times. */
export function wireRequest(
  method: string,
  path: string,
  host: string,
  token: string,
  body?: string,
): Buffer {
  const lines = [`${method} ${path} HTTP/1.1`, `Host: ${host}`, `Authorization: Bearer ${token}`];
  if (body !== undefined) {
    lines.push('Content-Type: application/json', `Content-Length: ${String(Buffer.byteLength(body))}`);
  }
  return Buffer.from(`${lines.join('\r\n')}\r\n\r\n${body ?? ''}`);
}

/**
 * One kept-alive HTTP connection with one request at a time. It reads no more of an answer than where it ends, so that
 * measuring costs little beside what is measured.
 */
export class WireConnection {
  private waiting: { resolve: (answer: WireAnswer) => void; reject: (reason: Error) => void } | undefined;
  private pending: Buffer | undefined;

  private constructor(private readonly socket: Socket) {
    socket.setNoDelay(true);
    socket.on('data', (chunk: Buffer) => this.take(chunk));
    const end = (reason: Error): void => this.waiting?.reject(reason);
    socket.on('error', end);
    socket.on('close', () => end(new Error('the connection was closed')));
  }

  static open(host: string, port: number): Promise<WireConnection> {
    return new Promise((resolve, reject) => {
      const socket = createConnection({ host, port }, () => resolve(new WireConnection(socket)));
      socket.once('error', reject);
    });
  }

  send(request: Buffer): Promise<WireAnswer> {
    return new Promise((resolve, reject) => {
      this.waiting = { resolve, reject };
      this.socket.write(request);
    });
  }

  close(): void {
    this.waiting = undefined;
    this.socket.destroy();
  }

  private take(chunk: Buffer): void {
    const data = this.pending === undefined ? chunk : Buffer.concat([this.pending, chunk]);
    const head = data.indexOf(headEnd);
    const length = head < 0 ? undefined : lengthIn(data.toString('latin1', 0, head));
    const end = length === undefined ? Infinity : head + headEnd.length + length;
    if (data.length < end) {
      this.pending = data;
      return;
    }
    this.pending = undefined;
    const { waiting } = this;
    this.waiting = undefined;
    // "HTTP/1.1 200 …"
    waiting?.resolve({
      status: Number(data.toString('latin1', 9, 12)),
      body: data.subarray(end - (length ?? 0), end),
    });
  }
}

function lengthIn(head: string): number {
  const at = /\r\ncontent-length: *(\d+)/i.exec(head);
  if (at?.[1] === undefined) throw new Error(`an answer without Content-Length:\n${head}`);
  return Number(at[1]);
}
