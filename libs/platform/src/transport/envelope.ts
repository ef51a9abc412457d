import type { Context, Repeatable } from '@erato/contracts/kit/context';

/** What travels with a call beside its input. */
export type Envelope = Pick<Context, 'requestId' | 'deadline'> &
  Partial<Pick<Context, 'actAs' | 'traceparent' | 'consistency' | 'ifMatch' | 'signature'>> & {
    /** The caller as encoded by the gateway; absent where a service calls for itself. */
    readonly encodedCaller?: string;
    readonly once?: Repeatable;
  };

/** Writes all of it as the fields of a part of a message (frame.ts), in fixed order; what is absent is empty. */
export function writeEnvelope(envelope: Envelope): (string | number)[] {
  const { requestId, deadline, encodedCaller, signature, actAs, consistency, ifMatch, traceparent, once } =
    envelope;
  return [
    requestId,
    deadline,
    encodedCaller ?? '',
    signature ?? '',
    actAs ?? '',
    consistency ?? '',
    ifMatch?.join(',') ?? '',
    traceparent ?? '',
    once ? writeOnce(once) : '',
  ];
}

/** Reads it; of fields that are missing nothing is known, so that such a call's caller is nobody and its deadline none. */
export function readEnvelope(fields: readonly string[]): Envelope {
  const [requestId = '', deadline, encodedCaller = '', signature = '', actAs, consistency, ifMatch] = fields;
  const [traceparent, once] = fields.slice(7);
  return {
    requestId,
    deadline: Number(deadline ?? NaN),
    encodedCaller,
    signature,
    ...(actAs ? { actAs } : {}),
    ...(consistency ? { consistency: Number(consistency) } : {}),
    ...(ifMatch ? { ifMatch: ifMatch.split(',').map(Number) } : {}),
    ...(traceparent ? { traceparent } : {}),
    ...(once ? { once: readOnce(once) } : {}),
  };
}

const writeOnce = ({ name, asked, again }: Repeatable): string => [name, asked, again ? 1 : 0].join(';');

function readOnce(written: string): Repeatable {
  const [name = '', asked = '', again] = written.split(';');
  return { name, asked, again: again === '1' };
}
