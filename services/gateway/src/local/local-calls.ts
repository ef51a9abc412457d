import { Injectable } from '@nestjs/common';
import { batches, type RunBatch } from '@erato/contracts/gateway/batch';
import { streams } from '@erato/contracts/gateway/stream';
import type { AnyCall } from '@erato/contracts/kit/call';
import { notFound } from '@erato/contracts/kit/failure';
import type { RawReply } from '@erato/platform/transport/caller';
import { validatorFor } from '@erato/platform/transport/validator';
import { Batches } from '../batch/batches.js';
import type { Admitted } from '../route/admitted.js';
import { Tickets } from '../stream/tickets.js';

/** The calls that the gateway serves itself, since they are about HTTP alone. They pass through everything that others do. */
@Injectable()
export class LocalCalls {
  constructor(
    private readonly batches: Batches,
    private readonly tickets: Tickets,
  ) {}

  async answer(admitted: Admitted, input: string): Promise<RawReply> {
    const { call } = admitted.route;
    const read: unknown = JSON.parse(input);
    validatorFor(call.request)(read);
    const data = await this.#data(call, admitted, read);
    return { bytes: Buffer.from(`{"data":${data}}`), failure: '', version: '', location: '' };
  }

  /** The answer's JSON. */
  async #data(call: AnyCall, admitted: Admitted, input: unknown): Promise<string> {
    if (call === batches.run) return this.batches.run(admitted, input as RunBatch);
    if (call === streams.ticket) return JSON.stringify(await this.tickets.make(admitted.who));
    throw notFound({ detail: 'There is no such call.' });
  }
}
