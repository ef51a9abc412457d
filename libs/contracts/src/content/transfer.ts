import { unknownSubject } from '../authz/permission.js';
import { calls, command, nothing, one, page, query } from '../kit/call.js';
import { failure, notFound, permissionDenied, preconditionFailed } from '../kit/failure.js';
import { Id, Nullable, OneOf, Optional, Text, Timestamp, Whole, WordList } from '../kit/fields.js';
import { PageQuery } from '../kit/page-query.js';
import { ownerTypes, type OwnerType } from './workspace.js';

export const transferStatuses = ['pending', 'accepted', 'declined', 'cancelled', 'expired'] as const;
export type TransferStatus = (typeof transferStatuses)[number];

export const transferDirections = ['incoming', 'outgoing'] as const;
export type TransferDirection = (typeof transferDirections)[number];

/** How long a transfer can be accepted, in days. */
export const transferDays = 14;

/** A workspace on offer to another owner: it changes hands when the receiver accepts. */
export class Transfer {
  @Id() id: string;
  @Id() workspaceId: string;
  @Text({ min: 1, max: 100 }) workspaceName: string;
  @Text({ min: 2, max: 50 }) workspaceSlug: string;
  @OneOf(ownerTypes) fromType: OwnerType;
  @Text({ min: 1, max: 64 }) fromId: string;
  @OneOf(ownerTypes) toType: OwnerType;
  @Text({ min: 1, max: 64 }) toId: string;
  /** `cancelled` by its sender; `expired` when nobody decided within 14 days. */
  @OneOf(transferStatuses) status: TransferStatus;
  /** The user who offered it; null where a key did, or the user is gone. */
  @Text({ max: 64 }) @Nullable() requestedBy: string | null;
  @Timestamp() createdAt: string;
  @Timestamp() expiresAt: string;
  /** When it was accepted, declined or cancelled. */
  @Timestamp() @Nullable() decidedAt: string | null;
  @Whole({ min: 1 }) version: number;
}

export class RequestTransfer {
  @Id() id: string;
  @OneOf(ownerTypes) toType: OwnerType;
  @Text({ min: 1, max: 64 }) toId: string;
}

export class ListTransfers extends PageQuery {
  /** Both when left out: what one may accept, and what one offers. */
  @OneOf(transferDirections) @Optional() direction?: TransferDirection;
  @WordList(transferStatuses) @Optional() status?: TransferStatus[];
}

export class TransferId {
  @Id() id: string;
}

export const transferPending = failure(
  'conflict',
  'transfer_pending',
  'The workspace is on offer already; `transferId` names the transfer.',
);
export const transferOver = failure('conflict', 'transfer_over', 'The transfer was decided already.');
export const transferExpired = failure('gone', 'transfer_expired', 'The transfer has expired.');

const shown = {
  id: '0197c1f3-5d6e-7f80-9a1b-2c3d4e5f6071',
  workspaceId: '0197c1f0-7a2b-7c3d-8e4f-5a6b7c8d9e0f',
  workspaceName: 'Night Ferry',
  workspaceSlug: 'night-ferry',
  fromType: 'user',
  fromId: 'user_01JZ0A1B2C3D4E5F6G7H8J9K0M',
  toType: 'organization',
  toId: 'org_01JZ0A1B2C3D4E5F6G7H8J9K0N',
  status: 'pending',
  requestedBy: 'user_01JZ0A1B2C3D4E5F6G7H8J9K0M',
  createdAt: '2025-06-30T12:00:00.000Z',
  expiresAt: '2025-07-14T12:00:00.000Z',
  decidedAt: null,
  version: 1,
};
const decided = { ...shown, decidedAt: '2025-07-01T09:00:00.000Z', version: 2 };
const decides = [notFound, permissionDenied, preconditionFailed, transferOver, transferExpired];

/** Workspaces that change hands (content.md, Routes). */
export const transfers = calls('content.transfer', {
  list: query({
    http: 'GET /me/transfers',
    scope: 'workspaces:read',
    request: ListTransfers,
    reply: page(Transfer),
    summary: 'The transfers that one may accept, and those that one offers, newest first.',
    description: 'One’s own, and those of organizations of which one is an admin.',
    example: {
      request: { direction: 'incoming', status: ['pending'] },
      reply: { data: [shown], meta: { limit: 20, after: null, before: null } },
    },
  }),
  get: query({
    http: 'GET /transfers/{id}',
    scope: 'workspaces:read',
    request: TransferId,
    reply: one(Transfer),
    fails: [notFound],
    summary: 'A transfer, for its sender and its receiver.',
    example: { request: { id: shown.id }, reply: shown },
  }),
  request: command({
    http: 'POST /workspaces/{id}/transfer',
    creates: '/transfers/{id}',
    scope: 'workspaces:write',
    request: RequestTransfer,
    reply: one(Transfer),
    fails: [notFound, permissionDenied, preconditionFailed, unknownSubject, transferPending],
    summary: 'Offers a workspace to another user or organization.',
    description:
      'For its owner: the user himself, or an admin of the organization that owns it. One offer at a time, open for 14 days. Nothing changes until the receiver accepts.',
    example: { request: { id: shown.workspaceId, toType: shown.toType, toId: shown.toId }, reply: shown },
  }),
  accept: command({
    http: 'POST /transfers/{id}/accept',
    scope: 'workspaces:write',
    request: TransferId,
    reply: one(Transfer),
    fails: decides,
    summary: 'Accepts a workspace.',
    description:
      'For the user to whom it is offered, or an admin of the organization. Its members and permissions stay, and what it has made keeps its owner; its API keys end.',
    example: { request: { id: shown.id }, reply: { ...decided, status: 'accepted' } },
  }),
  decline: command({
    http: 'POST /transfers/{id}/decline',
    scope: 'workspaces:write',
    request: TransferId,
    reply: one(Transfer),
    fails: decides,
    summary: 'Declines a workspace.',
    description: 'For who could accept it.',
    example: { request: { id: shown.id }, reply: { ...decided, status: 'declined' } },
  }),
  cancel: command({
    http: 'DELETE /transfers/{id}',
    scope: 'workspaces:write',
    request: TransferId,
    reply: nothing,
    fails: decides,
    summary: 'Takes an offer back.',
    description: 'For the owner of the workspace.',
    example: { request: { id: shown.id } },
  }),
});
