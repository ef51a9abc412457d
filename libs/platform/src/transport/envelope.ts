import type { Context, Repeatable } from '@erato/contracts/kit/context';

/** What travels with a call beside its input. */
export type Envelope = Pick<Context, 'requestId' | 'deadline'> &
  Partial<Pick<Context, 'actAs' | 'traceparent' | 'consistency' | 'ifMatch' | 'signature'>> & {
    /** The caller as encoded by the gateway; absent where a service calls for itself. */
    readonly encodedCaller?: string;
    readonly once?: Repeatable;
  };

type Writable<T> = { -readonly [K in keyof T]: T[K] };

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
  const [requestId = '', deadline, encodedCaller = '', signature = ''] = fields;
  const [, , , , actAs, consistency, ifMatch, traceparent, once] = fields;
  // Of one shape, which spreads of what is there or not would not be: each message passes here.
  const envelope: Writable<Envelope> = {
    requestId,
    deadline: Number(deadline ?? NaN),
    encodedCaller,
    signature,
  };
  if (actAs) envelope.actAs = actAs;
  if (consistency) envelope.consistency = Number(consistency);
  if (ifMatch) envelope.ifMatch = ifMatch.split(',').map(Number);
  if (traceparent) envelope.traceparent = traceparent;
  if (once) envelope.once = readOnce(once);
  return envelope;
}

const writeOnce = ({ name, asked, again }: Repeatable): string => [name, asked, again ? 1 : 0].join(';');

function readOnce(written: string): Repeatable {
  const [name = '', asked = '', again] = written.split(';');
  return { name, asked, again: again === '1' };
}
