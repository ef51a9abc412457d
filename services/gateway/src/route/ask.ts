import { Inject, Injectable } from '@nestjs/common';
import type { Repeatable } from '@erato/contracts/kit/context';
import { preconditionFailed } from '@erato/contracts/kit/failure';
import { activeTraceparent } from '@erato/platform/telemetry/tracing';
import { BusCaller, type CallContext, type RawReply } from '@erato/platform/transport/caller';
import { CallerSigner } from '@erato/platform/transport/signed-caller';
import type { Admitted } from './admitted.js';
import { actAsOf, consistencyOf, ifMatchOf, traceparentOf } from './headers.js';

export const SIGNER = Symbol('signer');

/** Makes a route's call in the name of whoever was let in. */
@Injectable()
export class Ask {
  constructor(
    private readonly bus: BusCaller,
    @Inject(SIGNER) private readonly signer: CallerSigner,
  ) {}

  call({ route }: Admitted, input: string, context: CallContext, once?: Repeatable): Promise<RawReply> {
    return this.bus.raw(route.call, input, once ? { ...context, once } : context);
  }

  context({ route, who, request, deadline }: Admitted): CallContext {
    const actAs = actAsOf(request.headers['erato-act-as'], route.call, who.caller);
    const consistency = consistencyOf(request.headers['erato-consistency']);
    const ifMatch = route.versions === 'ignored' ? undefined : ifMatchOf(request.headers['if-match']);
    if (ifMatch && route.versions === 'refused') throw preconditionFailed({ detail: 'It has no version.' });
    const given = who.counted === '' ? undefined : traceparentOf(request.headers['traceparent']);
    const traceparent = activeTraceparent() ?? given;
    const facts = { caller: who.encoded, requestId: request.id, deadline, actAs };
    return {
      requestId: request.id,
      deadline,
      encodedCaller: who.encoded,
      signature: this.signer.sign(route.call, facts),
      ...(actAs === undefined ? {} : { actAs }),
      ...(consistency === undefined ? {} : { consistency }),
      ...(ifMatch === undefined ? {} : { ifMatch }),
      ...(traceparent === undefined ? {} : { traceparent }),
    };
  }
}
