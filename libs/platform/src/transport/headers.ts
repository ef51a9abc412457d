/** The names of message headers. */
export const header = {
  /** Of a call: caller, signature, deadline and the rest of its context in one ({@link ./envelope.ts}). */
  call: 'Erato-Call',
  /** Of a call with an Idempotency-Key: what makes it the same request. */
  once: 'Erato-Once',
  traceparent: 'traceparent',
  /** In answers: the kind of failure; absent on success. */
  failure: 'Erato-Failure',
  /** In answers: the object's version, from which the gateway makes the ETag. */
  version: 'Erato-Version',
  /** In answers: the path of what was made. */
  location: 'Erato-Location',
} as const;
