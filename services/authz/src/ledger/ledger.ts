import { v7 as uuidv7 } from 'uuid';
import type { ChangeKind, ChangeVerb } from '@erato/contracts/authz/change';
import { actionChanged, objectChanged, roleChanged, subjectChanged } from '@erato/contracts/authz/events';
import type { PrincipalRef } from '@erato/contracts/authz/facts';
import type { ObjectRef } from '@erato/contracts/authz/object-description';
import { statement } from '@erato/platform/database/statement';
import type { Tx } from '@erato/platform/database/tx';
import { pseudonymsOf, subjectIn, userIn, withSubject, withUser } from './pseudonyms.js';

const lock = statement('SELECT value FROM revision FOR UPDATE');
const advance = statement('UPDATE revision SET value = $1');
const trail = statement(`
  INSERT INTO changes (revision, id, actor, administrator, kind, verb, row_id, object_type, object_id, before, after)
  SELECT t.revision, t.id, $1, $11, t.kind, t.verb, t.row_id, t.object_type, t.object_id, t.before, t.after
  FROM unnest($2::bigint[], $3::uuid[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[], $9::jsonb[], $10::jsonb[])
    AS t (revision, id, kind, verb, row_id, object_type, object_id, before, after)`);

/** What a change is about, as one event tells it. */
export type Touched =
  | { readonly object: ObjectRef }
  | { readonly subject: PrincipalRef }
  | { readonly role: { readonly id: string; readonly scopeType: string; readonly scopeId: string } }
  | { readonly action: string };

/** An entry of the trail. */
export interface TrailEntry {
  readonly kind: ChangeKind;
  readonly verb: ChangeVerb;
  readonly rowId: string;
  readonly object: ObjectRef | null;
  readonly before: Readonly<Record<string, unknown>> | null;
  readonly after: Readonly<Record<string, unknown>> | null;
}

/**
 * The book of one transaction: what it changes, in the trail and as events. Opening it locks the revision, so that
 * the writes of this service come one after the other, numbers have no gaps and are given in the order of commits, and
 * what is read after opening cannot change any more before the commit. Each thing touched is one event and one revision.
 */
export class Ledger {
  readonly #touched = new Map<string, Touched>();
  readonly #entries: { readonly key: string; readonly entry: TrailEntry }[] = [];

  private constructor(
    private readonly tx: Tx,
    /** The revision before this transaction. */
    readonly before: number,
    private readonly administrator: boolean,
  ) {}

  /** @param administrator whether the scope `admin` is behind it; "the trail says so" (authz.md, rule 1) */
  static async open(tx: Tx, administrator = false): Promise<Ledger> {
    const row = await tx.row<{ value: string }>(lock, []);
    if (!row) throw new Error('the revision is gone');
    return new Ledger(tx, Number(row.value), administrator);
  }

  /** Notes that something is different now, and what stands in the trail about it. */
  touch(touched: Touched, ...entries: readonly TrailEntry[]): void {
    const key = keyOf(touched);
    if (!this.#touched.has(key)) this.#touched.set(key, touched);
    for (const entry of entries) this.#entries.push({ key, entry });
  }

  /** The objects and subjects that changed, for the caches of this process. */
  get changed(): { objects: ObjectRef[]; subjects: PrincipalRef[] } {
    const all = [...this.#touched.values()];
    return {
      objects: all.flatMap((each) => ('object' in each ? [each.object] : [])),
      subjects: all.flatMap((each) => ('subject' in each ? [each.subject] : [])),
    };
  }

  /** Writes revision, trail and events, and gives the last revision; the one before where nothing changed. */
  async close(): Promise<number> {
    let revision = this.before;
    const given = new Map<string, number>();
    for (const [key, touched] of this.#touched) {
      given.set(key, ++revision);
      emit(this.tx, touched, revision);
    }
    if (given.size === 0) return revision;
    await this.tx.run(advance, [revision]);
    if (this.#entries.length > 0) await this.#write(given);
    return revision;
  }

  async #write(given: ReadonlyMap<string, number>): Promise<void> {
    const rows = this.#entries.map(({ key, entry }) => ({
      revision: given.get(key),
      id: uuidv7(),
      ...entry,
    }));
    const { actor } = this.tx;
    const users = [userIn(actor), ...rows.flatMap((row) => [subjectIn(row.before), subjectIn(row.after)])];
    const names = await pseudonymsOf(
      this.tx,
      users.filter((user) => user !== undefined),
    );
    const told = (facts: TrailEntry['before']): string | null =>
      facts && JSON.stringify(withSubject(facts, names));
    await this.tx.run(trail, [
      withUser(actor, names),
      rows.map((row) => row.revision),
      rows.map((row) => row.id),
      rows.map((row) => row.kind),
      rows.map((row) => row.verb),
      rows.map((row) => row.rowId),
      rows.map((row) => row.object?.type ?? null),
      rows.map((row) => row.object?.id ?? null),
      rows.map((row) => told(row.before)),
      rows.map((row) => told(row.after)),
      this.administrator,
    ]);
  }
}

function keyOf(touched: Touched): string {
  if ('object' in touched) return `object ${touched.object.type}:${touched.object.id}`;
  if ('subject' in touched) return `subject ${touched.subject.type}:${touched.subject.id}`;
  return 'role' in touched ? `role ${touched.role.id}` : `action ${touched.action}`;
}

function emit(tx: Tx, touched: Touched, revision: number): void {
  if ('object' in touched) {
    const { type, id } = touched.object;
    tx.emit(objectChanged, `${type}:${id}`, { type, id, revision });
  } else if ('subject' in touched) {
    const { type, id } = touched.subject;
    tx.emit(subjectChanged, `${type}:${id}`, { type, id, revision });
  } else if ('role' in touched) {
    const { id, scopeType, scopeId } = touched.role;
    tx.emit(roleChanged, id, { roleId: id, scopeType, scopeId, revision });
  } else {
    tx.emit(actionChanged, touched.action, { slug: touched.action, revision });
  }
}
