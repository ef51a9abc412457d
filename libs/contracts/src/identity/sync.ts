import { calls, command, nothing } from '../kit/call.js';
import { Text } from '../kit/fields.js';
import { failure } from '../kit/failure.js';

export const signatureInvalid = failure(
  'invalid',
  'signature_invalid',
  'The webhook is not signed as it must be.',
);
export const webhookUnconfigured = failure(
  'unavailable',
  'webhook_unconfigured',
  'No secret for this webhook is configured.',
);

export class WebhookDelivery {
  /** The raw body, byte for byte as it was signed. */
  @Text({ max: 1_048_576 }) body: string;
  /** The header `WorkOS-Signature`. */
  @Text({ max: 1000 }) signature: string;
}

/** What the gateway tells identity of WorkOS; services only. */
export const sync = calls('identity.sync', {
  webhook: command({
    scope: null,
    request: WebhookDelivery,
    reply: nothing,
    fails: [signatureInvalid, webhookUnconfigured],
    summary: 'Checks a webhook’s signature and wakes the worker that reads the Events API.',
  }),
});
