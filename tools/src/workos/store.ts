import type { AuthCode, PendingAuthentication } from './pending.js';
import type { EmailVerification } from './email-verification.js';
import type { Delivery, EventRow } from './event-log.js';
import type { IdempotentAnswer } from './idempotency.js';
import { Ids } from './ids.js';
import type { Invitation } from './invitation.js';
import { Journal, type Change } from './journal.js';
import type { Membership } from './membership.js';
import type { Organization } from './organization.js';
import type { RefreshToken, Session } from './session.js';
import { Table, type Row } from './table.js';
import type { SigningKey } from './token.js';
import type { User } from './user.js';

interface Transaction {
  readonly changes: Change[];
  readonly undo: (() => void)[];
}

/** Everything the stand-in remembers: in memory, and in a journal when it has a folder. */
export class Store {
  readonly ids = new Ids();
  private readonly tables = new Map<string, Table<Row>>();
  private readonly journal: Journal | undefined;
  private open: Transaction | undefined;
  private readonly listeners: (() => void)[] = [];

  readonly users = this.table<User>('users');
  readonly organizations = this.table<Organization>('organizations');
  readonly memberships = this.table<Membership>('memberships');
  readonly invitations = this.table<Invitation>('invitations');
  readonly sessions = this.table<Session>('sessions');
  readonly refreshTokens = this.table<RefreshToken>('refresh_tokens');
  readonly codes = this.table<AuthCode>('codes');
  readonly pending = this.table<PendingAuthentication>('pending');
  readonly emailVerifications = this.table<EmailVerification>('email_verifications');
  readonly events = this.table<EventRow>('events');
  readonly deliveries = this.table<Delivery>('deliveries');
  readonly idempotency = this.table<IdempotentAnswer>('idempotency');
  readonly keys = this.table<SigningKey>('keys');

  /** Resumes from the folder's journal; without a folder it starts empty and forgets at the end. */
  constructor(folder?: string) {
    if (folder === undefined) return;
    this.journal = Journal.open(folder);
    for (const [table, id, row] of this.journal.lines.flat()) {
      this.tables.get(table)?.replay(id, row);
      this.ids.observe(id);
    }
    const rows = [...this.tables.values()].flatMap((table) => table.snapshot());
    if (this.journal.lines.length > 1000 + 2 * rows.length) this.journal.compact(rows);
  }

  /** Runs work whose changes are kept together or, when it throws, not at all. Nested calls join the outer one. */
  transaction<T>(work: () => T): T {
    if (this.open !== undefined) return work();
    const open: Transaction = { changes: [], undo: [] };
    this.open = open;
    let result: T;
    try {
      result = work();
      if (open.changes.length > 0) this.journal?.append(open.changes);
    } catch (error) {
      for (const undo of open.undo.reverse()) undo();
      throw error;
    } finally {
      this.open = undefined;
    }
    if (open.changes.length > 0) for (const listener of this.listeners) listener();
    return result;
  }

  /** Calls back after every transaction that changed something. */
  onCommit(listener: () => void): void {
    this.listeners.push(listener);
  }

  close(): void {
    this.journal?.close();
  }

  private table<T extends Row>(name: string): Table<T> {
    const table = new Table<T>(name, (change, undo) => {
      if (this.open === undefined) throw new Error('a change outside a transaction');
      this.open.changes.push(change);
      this.open.undo.push(undo);
    });
    this.tables.set(name, table);
    return table;
  }
}
