import {
  invalid,
  notFound,
  scopeMissing,
  throttled,
  timedOut,
  unauthenticated,
  unavailable,
} from '@erato/contracts/kit/failure';
import type { HandRoute } from '../introspection/hand-routes.js';
import { headerInvalid, tooManyStreams } from '../problem/failures.js';

const streamDescription = `Each topic is decided when the stream begins (404 where one may not be read) and each event when it is told, also at
replay: a draft reaches those alone who may update it.

Beside the events come \`open\`, \`gap\` (between \`after\` and \`until\` there were events that cannot be told any more: read anew) and \`end\`
with its reason: \`credential_ended\`, \`access_ended\`, \`gone\`, \`unavailable\`, \`shutdown\`. A comment comes every 15 s. Up to
10,000 events are told again, also after a restart. At most 5 streams a subject (of guests: an address) at one gateway.`;

/** `GET /v1/stream`, for the reference. */
export const streamRoute: HandRoute = {
  method: 'GET',
  path: '/v1/stream',
  id: 'stream.open',
  scope: null,
  guest: true,
  summary: 'Server-sent events: what happens to workspaces and resources that the caller may read.',
  description: streamDescription,
  parameters: [
    {
      name: 'topics',
      in: 'query',
      required: true,
      description: 'Up to 20 by comma: `workspace:<id>` (it, and what it publishes), `resource:<id>`.',
      example: 'workspace:0197c1f0-7a2b-7c3d-8e4f-5a6b7c8d9e0f',
    },
    {
      name: 'ticket',
      in: 'query',
      description: 'In place of `Authorization`: from `POST /v1/stream/tickets`.',
    },
    { name: 'lastEventId', in: 'query', description: 'As the header, for a stream that is opened anew.' },
    {
      name: 'Last-Event-ID',
      in: 'header',
      description: 'The last id that was received: what came after it is told first.',
    },
  ],
  answers: [
    {
      status: 200,
      description:
        'The stream. `data` of an event is JSON: `id`, `type`, `time`, `subject`, and `data` with ids and facts.',
      type: 'text/event-stream',
      schema: { type: 'string' },
      example:
        'id: 4711\ndata: {"id":"0197c1f1-3b4c-7d5e-9f60-718293a4b5c6","type":"content.resource.published","time":"2026-11-21T12:00:00.000Z","subject":"0197c1f1-3b4c-7d5e-9f60-718293a4b5c6","data":{"resourceId":"0197c1f1-3b4c-7d5e-9f60-718293a4b5c6","type":"post","status":"LISTED","publishedAt":"2026-11-21T12:00:00.000Z","version":2}}\n\n',
    },
  ],
  fails: [
    invalid,
    headerInvalid,
    unauthenticated,
    scopeMissing,
    notFound,
    throttled,
    tooManyStreams,
    unavailable,
    timedOut,
  ],
};
