/** The names of message headers; what they hold stands in `Context` (contracts, kit/context.ts). */
export const header = {
  caller: 'Erato-Caller',
  signature: 'Erato-Signature',
  actAs: 'Erato-Act-As',
  requestId: 'Erato-Request-Id',
  deadline: 'Erato-Deadline',
  consistency: 'Erato-Consistency',
  ifMatch: 'Erato-If-Match',
  traceparent: 'traceparent',
  /** In answers: the kind of failure; absent on success. */
  failure: 'Erato-Failure',
  /** In answers: the object's version, from which the gateway makes the ETag. */
  version: 'Erato-Version',
  /** In answers: the path of what was made. */
  location: 'Erato-Location',
} as const;
