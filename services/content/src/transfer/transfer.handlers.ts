import {
  transfers,
  type ListTransfers,
  type RequestTransfer,
  type Transfer,
  type TransferId,
} from '@erato/contracts/content/transfer';
import type { Handlers, Page } from '@erato/contracts/kit/call';
import type { Context } from '@erato/contracts/kit/context';
import { notFound } from '@erato/contracts/kit/failure';
import { Serves } from '@erato/platform/transport/serves';
import { RequestTransfers } from './request-transfer.js';
import { SettleTransfers } from './settle-transfer.js';
import { TransferParties } from './transfer-parties.js';
import { TransferReads } from './transfer.reads.js';
import { toTransfer } from './transfer-view.js';

@Serves(transfers)
export class TransferHandlers implements Handlers<typeof transfers> {
  constructor(
    private readonly reads: TransferReads,
    private readonly parties: TransferParties,
    private readonly requests: RequestTransfers,
    private readonly settling: SettleTransfers,
  ) {}

  list(input: ListTransfers, context: Context): Promise<Page<Transfer>> {
    return this.reads.list(context, input);
  }

  async get({ id }: TransferId, context: Context): Promise<Transfer> {
    const transfer = await this.reads.find(id);
    if (!transfer) throw notFound();
    await this.parties.requireEither(context, transfer);
    return toTransfer(transfer);
  }

  request(input: RequestTransfer, context: Context): Promise<Transfer> {
    return this.requests.run(context, input);
  }

  accept({ id }: TransferId, context: Context): Promise<Transfer> {
    return this.settling.accept(context, id);
  }

  decline({ id }: TransferId, context: Context): Promise<Transfer> {
    return this.settling.decline(context, id);
  }

  cancel({ id }: TransferId, context: Context): Promise<void> {
    return this.settling.cancel(context, id);
  }
}
