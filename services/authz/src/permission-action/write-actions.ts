import { Injectable } from '@nestjs/common';
import {
  actionExists,
  actionInUse,
  type ChangePermissionAction,
  type NewPermissionAction,
  systemAction,
  tooManyActions,
} from '@erato/contracts/authz/permission-action';
import { unknownAction } from '@erato/contracts/authz/permission';
import type { Context } from '@erato/contracts/kit/context';
import { notFound } from '@erato/contracts/kit/failure';
import { statement } from '@erato/platform/database/statement';
import { translating } from '@erato/platform/database/sql-fault';
import type { Tx } from '@erato/platform/database/tx';
import { requireVersion } from '@erato/platform/patch/if-match';
import type { Touched, TrailEntry } from '../ledger/ledger.js';
import { Writes } from '../ledger/writes.js';
import { PermissionActionEntity } from './permission-action.entity.js';

/** Actions at most (security.md, Exhaustion); each decision table holds them all. */
const bound = 200;

const counted = statement('SELECT count(*)::integer AS actions FROM permission_actions');
const known = statement('SELECT slug FROM permission_actions WHERE slug = ANY($1::text[])');
const usedElsewhere = statement(`
  SELECT 1 FROM permission_actions WHERE $1 = ANY(implies) AND NOT is_system
  UNION ALL
  SELECT 1 FROM roles r WHERE EXISTS (SELECT 1 FROM jsonb_each(r.grants) g WHERE g.value ? $1)
  LIMIT 1`);

/** Adds, changes and removes actions; each changes what every decision may mean, so all caches forget. */
@Injectable()
export class WriteActions {
  constructor(private readonly writes: Writes) {}

  async create(context: Context, input: NewPermissionAction): Promise<PermissionActionEntity> {
    const now = new Date();
    const row: PermissionActionEntity = {
      slug: input.slug,
      name: input.name,
      description: input.description ?? '',
      category: input.category ?? 'content',
      implies: input.implies ?? [],
      isSystem: false,
      version: 1,
      createdAt: now,
      updatedAt: now,
    };
    return translating({ permission_actions_pkey: () => actionExists() }, async () => {
      const { value } = await this.writes.write(context, async (tx, ledger) => {
        await requireImplied(tx, row);
        const there = await tx.row<{ actions: number }>(counted, []);
        if ((there?.actions ?? 0) >= bound) throw tooManyActions();
        await tx.insert(PermissionActionEntity, row);
        ledger.touch(...actionChange(null, row));
        return row;
      });
      return value;
    });
  }

  async update(
    context: Context,
    { slug, ...changes }: ChangePermissionAction,
  ): Promise<PermissionActionEntity> {
    const { value } = await this.writes.write(context, async (tx, ledger) => {
      const row = await ownRow(tx, context, slug);
      const after = { ...row, ...changes };
      if (JSON.stringify(after) === JSON.stringify(row)) return row;
      const moved = { ...after, version: row.version + 1, updatedAt: new Date() };
      await requireImplied(tx, moved);
      await tx.update(PermissionActionEntity, { slug }, moved);
      ledger.touch(...actionChange(row, moved));
      return moved;
    });
    return value;
  }

  async delete(context: Context, slug: string): Promise<void> {
    await translating({ permissions_action_fkey: () => actionInUse() }, () =>
      this.writes.write(context, async (tx, ledger) => {
        const row = await ownRow(tx, context, slug);
        if (await tx.row(usedElsewhere, [slug])) throw actionInUse();
        await tx.delete(PermissionActionEntity, { slug });
        ledger.touch(...actionChange(row, null));
      }),
    );
  }
}

async function ownRow(tx: Tx, context: Context, slug: string): Promise<PermissionActionEntity> {
  const row = await tx.findOneBy(PermissionActionEntity, { slug });
  if (!row) throw notFound();
  if (row.isSystem) throw systemAction();
  requireVersion(context, row);
  return row;
}

async function requireImplied(tx: Tx, { slug, implies }: PermissionActionEntity): Promise<void> {
  const others = implies.filter((each) => each !== slug);
  const found = await tx.rows<{ slug: string }>(known, [others]);
  const missing = others.filter((each) => !found.some((row) => row.slug === each));
  if (missing.length > 0) {
    throw unknownAction({
      errors: missing.map((each) => ({
        path: `implies.${implies.indexOf(each)}`,
        code: 'unknown_action',
        message: 'is not among the actions',
      })),
    });
  }
}

function actionChange(
  before: PermissionActionEntity | null,
  after: PermissionActionEntity | null,
): [Touched, TrailEntry] {
  const row = after ?? before;
  if (!row) throw new TypeError('a change is of a row');
  const verb = before === null ? 'created' : after === null ? 'deleted' : 'updated';
  return [
    { action: row.slug },
    {
      kind: 'permission-action',
      verb,
      rowId: row.slug,
      object: null,
      before: before && facts(before),
      after: after && facts(after),
    },
  ];
}

function facts({
  name,
  description,
  category,
  implies,
}: PermissionActionEntity): Readonly<Record<string, unknown>> {
  return { name, description, category, implies };
}
