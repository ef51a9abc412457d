import { calls, command, one } from '../kit/call.js';
import { Text, Timestamp } from '../kit/fields.js';

export class MakeStreamTicket {}

export class StreamTicket {
  /** For `GET /v1/stream?ticket=`; good once, for 60 s. */
  @Text({ min: 32, max: 64 }) ticket: string;
  @Timestamp() expiresAt: string;
}

/** What browsers need before a stream, since their EventSource sends no `Authorization`; served by the gateway itself. */
export const streams = calls('gateway.stream', {
  ticket: command({
    http: 'POST /stream/tickets',
    scope: null,
    request: MakeStreamTicket,
    reply: one(StreamTicket),
    secret: true,
    summary: 'A ticket with which one stream can be opened without a header.',
    description: 'Good once, for 60 s, and for what the credential that asked for it may.',
    example: {
      request: {},
      reply: { ticket: '2q8vB1x5Zr0sY7uKpEo3wQ9tLmNcDfGhJkAa4iXyVbT', expiresAt: '2026-11-21T12:01:00.000Z' },
    },
  }),
});
