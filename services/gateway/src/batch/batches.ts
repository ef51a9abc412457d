import { Injectable } from '@nestjs/common';
import type { BatchedRequest, RunBatch } from '@erato/contracts/gateway/batch';
import { invalid, throttled, type FieldError } from '@erato/contracts/kit/failure';
import { readFailure } from '@erato/platform/transport/caller';
import { Problems } from '../problem/problems.js';
import { Rates } from '../rate/rates.js';
import type { Admitted } from '../route/admitted.js';
import { Ask } from '../route/ask.js';
import { hidingMalformedIds, holdToCount, holdToScope } from '../route/hold.js';
import { inputOf } from '../route/input.js';
import { batchable, type BatchedRoute } from './batchable.js';

/** `POST /v1/batch` (http.md, security.md: Batch). */
@Injectable()
export class Batches {
  constructor(
    private readonly ask: Ask,
    private readonly rates: Rates,
    private readonly problems: Problems,
  ) {}

  /** The JSON of the answers in the order of the requests. One path that may not stand here refuses all, and nothing is asked. */
  async run(admitted: Admitted, { requests }: RunBatch): Promise<string> {
    const parts = read(requests);
    // The request itself has paid for the first of them.
    const allowed = parts.map((_, at) => at === 0 || this.rates.take(admitted.who, admitted.request).allowed);
    const responses = await Promise.all(
      parts.map((part, at) => this.#answer({ ...admitted, route: part.route }, part, allowed[at] ?? false)),
    );
    return `{"responses":[${responses.join(',')}]}`;
  }

  async #answer(admitted: Admitted, part: BatchedRoute, isAllowed: boolean): Promise<string> {
    const { route, who, request } = admitted;
    try {
      if (!isAllowed) throw throttled({ retryAfter: 1 });
      holdToScope(route.call, who);
      holdToCount(route, who, part.query);
      const input = inputOf(route, { params: part.params, query: part.query, body: '' });
      const answer = await this.ask.call(admitted, input, this.ask.context(admitted));
      if (answer.failure) throw readFailure(answer);
      return `{"status":200,"body":${Buffer.from(answer.bytes).toString()}}`;
    } catch (error) {
      const problem = {
        ...this.problems.of(hidingMalformedIds(route, error), request),
        instance: part.pathname,
      };
      if (problem.status >= 500) this.problems.note(request, error);
      return JSON.stringify({ status: problem.status, body: problem });
    }
  }
}

function read(requests: readonly BatchedRequest[]): BatchedRoute[] {
  const errors: FieldError[] = [];
  const parts = requests.flatMap(({ path }, at): BatchedRoute[] => {
    const found = batchable(path);
    if (found) return [found];
    errors.push({
      path: `requests.${String(at)}.path`,
      code: 'not_batchable',
      message: 'is no GET that may stand in a batch, written as in the reference',
    });
    return [];
  });
  if (errors.length > 0) throw invalid({ errors });
  return parts;
}
