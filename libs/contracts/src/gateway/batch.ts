import { calls, command, one } from '../kit/call.js';
import { JsonObject, ListOf, OneOf, Text, Whole } from '../kit/fields.js';

export class BatchedRequest {
  @OneOf(['GET']) method: 'GET';
  /** Path and query of a GET of the reference, as they stand there: `/v1/resources?type=post`. */
  @Text({ min: 4, max: 4_096, pattern: /^\/v1\// }) path: string;
}

export class RunBatch {
  @ListOf(() => BatchedRequest, { min: 1, max: 20 }) requests: BatchedRequest[];
}

export class BatchedResponse {
  @Whole({ min: 200, max: 599 }) status: number;
  /** What the request alone would have answered: an object, a page or a problem. */
  @JsonObject({ maxBytes: 4 * 1024 * 1024 }) body: Record<string, unknown>;
}

export class BatchAnswer {
  /** In the order of the requests. */
  @ListOf(() => BatchedResponse, { min: 1, max: 20 }) responses: BatchedResponse[];
}

/** Several reads in one request; served by the gateway itself. */
export const batches = calls('gateway.batch', {
  run: command({
    http: 'POST /batch',
    scope: null,
    guest: true,
    request: RunBatch,
    reply: one(BatchAnswer),
    summary: 'Up to 20 GETs in one call.',
    description:
      'Each is answered as it would be alone, with this request’s credential, `Erato-Consistency`, id and deadline; each counts for the rate. Conditional headers do not reach them. A path that is no GET of this reference, or of sign-in, refuses the whole call.',
    example: {
      request: { requests: [{ method: 'GET', path: '/v1/resources?type=post&limit=1' }] },
      reply: {
        responses: [{ status: 200, body: { data: [], meta: { limit: 1, after: null, before: null } } }],
      },
    },
  }),
});
