import type { FastifyReply } from 'fastify';

/**
 * Sends an answer's bytes with the headers that the reply has so far. Written as characters of one byte each they leave
 * together with the head in one piece; Fastify would send two, which costs the kernel and the collector twice.
 */
export function sendBytes(reply: FastifyReply, status: number, bytes: Uint8Array): void {
  if (bytes.length === 0) {
    void reply.code(status).send();
    return;
  }
  const lines = ['content-length', String(bytes.length)];
  for (const [name, value] of Object.entries(reply.getHeaders())) lines.push(name, String(value));
  reply.hijack();
  reply.raw.writeHead(status, lines);
  reply.raw.end(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1'), 'latin1');
}
