import { calls, command, nothing, one, query } from '../kit/call.js';
import { Flag, Id, ListOf, Nullable, OneOf, Optional, Text, Timestamp, Whole } from '../kit/fields.js';
import { failure, notFound } from '../kit/failure.js';

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

export const mirrorKinds = ['organizations', 'users', 'memberships'] as const;
export type MirrorKind = (typeof mirrorKinds)[number];

/** What a rebuild found to do in one table of the mirror. */
export class MirrorCount {
  @OneOf(mirrorKinds) kind: MirrorKind;
  @Whole() added: number;
  @Whole() changed: number;
  @Whole() removed: number;
}

/** A rebuild of the mirror from WorkOS’ lists. */
export class SyncRun {
  @Id() id: string;
  /** Whether it only counts. */
  @Flag() dry: boolean;
  @Timestamp() requestedAt: string;
  @Timestamp() @Nullable() startedAt: string | null;
  @Timestamp() @Nullable() finishedAt: string | null;
  /** What there was to do, once it has finished. */
  @ListOf(() => MirrorCount, { max: 3 }) counts: MirrorCount[];
  /** Why the last try did not come to its end. */
  @Text({ max: 500 }) @Nullable() trouble: string | null;
}

export class RebuildMirror {
  /** Counts what there would be to do, and changes nothing. */
  @Flag() @Optional() dry?: boolean;
}

export class GetSyncRun {
  @Id() id: string;
}

/** What the gateway tells identity of WorkOS, and the operator of the mirror; services only. */
export const sync = calls('identity.sync', {
  webhook: command({
    scope: null,
    callers: ['gateway'],
    request: WebhookDelivery,
    reply: nothing,
    fails: [signatureInvalid, webhookUnconfigured],
    summary: 'Checks a webhook’s signature and wakes the worker that reads the Events API.',
  }),
  rebuild: command({
    scope: null,
    callers: ['operator'],
    request: RebuildMirror,
    reply: one(SyncRun),
    summary:
      'Asks the worker to rebuild the mirror from WorkOS’ lists; one that is under way is given instead.',
  }),
  run: query({
    scope: null,
    callers: ['operator'],
    request: GetSyncRun,
    reply: one(SyncRun),
    fails: [notFound],
    summary: 'How far a rebuild is.',
  }),
});
