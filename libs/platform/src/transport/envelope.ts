import type { Msg, MsgHdrs } from '@nats-io/transport-node';
import type { Context, Repeatable } from '@erato/contracts/kit/context';
import { header } from './headers.js';
import { WrittenHeaders } from './written-headers.js';

/** What travels with a call's message beside its input. */
export type Envelope = Pick<Context, 'requestId' | 'deadline'> &
  Partial<Pick<Context, 'actAs' | 'traceparent' | 'consistency' | 'ifMatch' | 'signature'>> & {
    /** The caller as encoded by the gateway; absent where a service calls for itself. */
    readonly encodedCaller?: string;
    readonly once?: Repeatable;
  };

/** Stands between the fields; none of them can hold it. */
const separator = ';';
const fields = 7;

/**
 * Writes all of it as one header, the fields in fixed order: seven headers cost the library on each side more than a
 * request's whole decision. The traceparent keeps its own, by which others find it.
 */
export function writeEnvelope(envelope: Envelope): MsgHdrs {
  const { requestId, deadline, encodedCaller, signature, actAs, consistency, ifMatch } = envelope;
  const written = [
    requestId,
    deadline,
    encodedCaller ?? '',
    signature ?? '',
    actAs ?? '',
    consistency ?? '',
    ifMatch?.join(',') ?? '',
  ].join(separator);
  return new WrittenHeaders([
    [header.call, written],
    [header.traceparent, envelope.traceparent ?? ''],
    [header.once, envelope.once ? writeOnce(envelope.once) : ''],
  ]);
}

const nothing: Envelope = { requestId: '', deadline: NaN };

/** Reads it; of a message that does not carry one nothing is known, so that its caller is nobody. */
export function readEnvelope(message: Msg): Envelope {
  let call = '';
  let traceparent = '';
  let once = '';
  for (const [name, [value = '']] of message.headers ?? []) {
    if (name === header.call) call = value;
    else if (name === header.traceparent) traceparent = value;
    else if (name === header.once) once = value;
  }
  const parts = call.split(separator);
  if (parts.length !== fields) return nothing;
  const [requestId = '', deadline, encodedCaller = '', signature = '', actAs, consistency, ifMatch] = parts;
  return {
    requestId,
    deadline: Number(deadline),
    encodedCaller,
    signature,
    ...(actAs ? { actAs } : {}),
    ...(consistency ? { consistency: Number(consistency) } : {}),
    ...(ifMatch ? { ifMatch: ifMatch.split(',').map(Number) } : {}),
    ...(traceparent ? { traceparent } : {}),
    ...(once ? { once: readOnce(once) } : {}),
  };
}

const writeOnce = ({ name, asked, again }: Repeatable): string =>
  [name, asked, again ? 1 : 0].join(separator);

function readOnce(written: string): Repeatable {
  const [name = '', asked = '', again] = written.split(separator);
  return { name, asked, again: again === '1' };
}
